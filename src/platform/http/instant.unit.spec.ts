import { utcByDateOrTime, utcOf, utcOfDateOrTime } from './instant.js';

describe('a date and time', () => {
  it.each([
    ['2026-01-15T09:30:00Z', '2026-01-15T09:30:00.000Z'],
    ['2026-01-15t09:30:00z', '2026-01-15T09:30:00.000Z'],
    ['2026-01-15T09:30:00.123456789Z', '2026-01-15T09:30:00.123Z'],
    ['2026-01-15T00:30:00+01:00', '2026-01-14T23:30:00.000Z'],
    ['2026-01-15T00:30:00-23:59', '2026-01-16T00:29:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (written, utc) => expect(utcOf(written)).toBe(utc));

  it.each([
    ['no offset', '2026-01-15T09:30:00'],
    ['no time', '2026-01-15'],
    ['no T', '2026-01-15 09:30:00Z'],
    ['a month that is none', '2026-13-01T00:00:00Z'],
    ['a day that is none', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2025-02-29T00:00:00Z'],
    ['day 0', '2026-01-00T00:00:00Z'],
    ['hour 24', '2026-01-15T24:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['an offset of a day', '2026-01-15T00:00:00+24:00'],
    ['the year 0', '0000-06-01T00:00:00Z'],
    ['a year before 1 in UTC', '0001-01-01T00:00:00+01:00'],
    ['a year after 9999 in UTC', '9999-12-31T23:59:59-01:00'],
    ['ten digits of a second', '2026-01-15T09:30:00.1234567890Z'],
    ['a number', 1_768_469_400_000],
    ['nothing', undefined],
  ])('%s is not one', (_what, written) => expect(utcOf(written)).toBeUndefined());
});

it('the end of a date is its last millisecond, and a time is itself', () => {
  expect(utcByDateOrTime('2026-03-01')).toBe('2026-03-01T23:59:59.999Z');
  expect(utcByDateOrTime('2026-03-01T08:00:00Z')).toBe('2026-03-01T08:00:00.000Z');
  expect(utcByDateOrTime('2026-02-29')).toBeUndefined();
});

describe('a date, or a date and time', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-03-01T08:00:00Z', '2026-03-01T08:00:00.000Z'],
    ['2026-03-01T08:00:00.123456Z', '2026-03-01T08:00:00.123Z'],
    ['2026-03-01T08:00:00+02:00', '2026-03-01T06:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, utc) => {
    expect(utcOfDateOrTime(text)).toBe(utc);
  });

  it.each([
    '2026-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '0000-01-01',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:30:00-01:00',
    '2026-03-01T24:00:00Z',
    '2026-03-01T08:60:00Z',
    '2026-03-01T08:00:00',
    '2026-03-01T08:00:00 02:00',
    '1.3.2026',
    'now',
    '',
  ])('%s is none', (text) => {
    expect(utcOfDateOrTime(text)).toBeUndefined();
  });
});
