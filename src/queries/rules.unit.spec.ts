import { instantOf, metadataFilter } from './rules.js';

describe('a point in time', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-03-01T08:00:00Z', '2026-03-01T08:00:00.000Z'],
    ['2026-03-01T08:00:00.123456Z', '2026-03-01T08:00:00.123Z'],
    ['2026-03-01T08:00:00+02:00', '2026-03-01T06:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, utc) => {
    expect(instantOf(text)).toBe(utc);
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
    expect(instantOf(text)).toBeUndefined();
  });
});

describe('metadata filters', () => {
  const problems = (value: unknown) =>
    metadataFilter.check(value, 'metadata').map(({ field }) => field);

  it('are pairs of texts', () => {
    expect(problems({ city: 'Brno', empty: '' })).toEqual([]);
  });

  it.each([
    ['nothing', {}, ['metadata']],
    ['a text', 'x', ['metadata']],
    ['a key without letters', { '': 'x' }, ['metadata.']],
    ['a key given twice', { a: ['1', '2'] }, ['metadata.a']],
    ['a control character', { a: '\u0000' }, ['metadata.a']],
    ['too many', Object.fromEntries(Array.from({ length: 17 }, (_, n) => [n, 'x'])), ['metadata']],
  ])('are not %s', (_case, value, fields) => {
    expect(problems(value)).toEqual(fields);
  });
});
