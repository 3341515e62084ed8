import { bytesField } from './protobuf.js';
import { decodeUuid, formatUuid, isNilUuid, parseUuid, uuidHalves } from './uuid.js';

const TEXT = '8c5a2f3e-0b1d-4c6e-9f70-a1b2c3d4e5f6';
/** As long as the usual spelling. */
const NEARLY = [TEXT.replace('8', 'g'), TEXT.replace('-', '0'), TEXT.replace('2f', '-f')];
const text = (value: string) => bytesField(2, Buffer.from(value));

describe('a uuid', () => {
  it.each([
    TEXT,
    TEXT.toUpperCase(),
    TEXT.replaceAll('-', ''),
    `{${TEXT}}`,
    `(${TEXT})`,
    ` ${TEXT} `,
  ])('is read from %p', (spelling) => {
    expect(formatUuid(parseUuid(spelling) ?? Buffer.alloc(16))).toBe(TEXT);
    expect(decodeUuid(text(spelling))).toEqual(parseUuid(TEXT));
  });

  it.each(['', 'zzz', TEXT.slice(1), `{${TEXT}`, `${TEXT}0`, ...NEARLY])(
    'is not read from %p',
    (spelling) => {
      expect(decodeUuid(text(spelling))).toBe('malformed');
    },
  );

  it('tells a message without a value from a malformed one', () => {
    expect(decodeUuid(Buffer.alloc(0))).toBe('unset');
  });

  it('has two signed halves', () => {
    const id = Buffer.concat([Buffer.alloc(8, 0xff), Buffer.from('0000000000000001', 'hex')]);
    expect(uuidHalves(id)).toEqual({ most: '-1', least: '1' });
  });

  it('may be nil', () => {
    expect(isNilUuid(Buffer.alloc(16))).toBe(true);
    expect(isNilUuid(Buffer.alloc(16, 1))).toBe(false);
  });
});
