import { transferIdOf } from './idempotency.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const given = { ledger: 'demo', id: undefined, key: undefined };

describe('the id of a transfer', () => {
  it('is the one the caller gave', () => {
    expect(transferIdOf({ ...given, id: 'mine' })).toBe('mine');
  });

  it('is new each time when nothing was given', () => {
    const [one, two] = [transferIdOf(given), transferIdOf(given)];
    expect(one).toMatch(UUID);
    expect(two).not.toBe(one);
  });

  it('follows from the key, for ever', () => {
    const id = transferIdOf({ ...given, key: 'order 4711' });
    expect(id).toBe('83918626-15a8-57ad-836a-be921f42a91b');
  });

  it('differs with the key and with the ledger', () => {
    const ids = [
      transferIdOf({ ...given, key: 'a' }),
      transferIdOf({ ...given, key: 'b' }),
      transferIdOf({ ...given, ledger: 'other', key: 'a' }),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it.each(['', 'x'.repeat(256), 'tab\there', 'ü'])('is not made from the key %j', (key) => {
    expect(() => transferIdOf({ ...given, key })).toThrow('Idempotency-Key');
  });

  it('is not chosen between two that were given', () => {
    expect(() => transferIdOf({ ...given, id: 'a', key: 'a' })).toThrow('id: given together');
  });
});
