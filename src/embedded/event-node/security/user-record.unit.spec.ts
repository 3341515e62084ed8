import { decodeUserRecord, encodeUserRecord, type UserRecord } from './user-record.js';

const USER: UserRecord = {
  loginName: 'plain',
  fullName: 'Plain User',
  groups: ['team'],
  disabled: false,
  password: { salt: 'c2FsdA==', hash: 'aGFzaA==', cost: { N: 16_384, r: 8, p: 1 } },
};

describe('a user in the log', () => {
  it('is read as it was written', () => {
    expect(decodeUserRecord(encodeUserRecord(USER))).toEqual(USER);
  });

  const stored = JSON.parse(encodeUserRecord(USER).toString()) as object;
  it.each([
    ['no JSON', '{{{'],
    ['no object', '"plain"'],
    ['nothing', 'null'],
    ['without a hash', JSON.stringify({ ...stored, hash: undefined })],
    ['with groups of another kind', JSON.stringify({ ...stored, groups: [1] })],
    ['with a cost of another kind', JSON.stringify({ ...stored, scrypt: { N: 'much' } })],
    ['that may be disabled or not', JSON.stringify({ ...stored, disabled: 'no' })],
  ])('is nobody if it is %s', (_what, text) => {
    expect(decodeUserRecord(Buffer.from(text))).toBeUndefined();
  });
});
