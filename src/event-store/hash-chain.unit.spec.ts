import fc from 'fast-check';
import { type StoredEvent } from './event-store.js';
import { GENESIS_HASH, brokenLink, eventIdOf, hashOf } from './hash-chain.js';

const stored = (changes: Partial<StoredEvent> = {}): StoredEvent => {
  const link = {
    previousHash: GENESIS_HASH,
    stream: 'ledger-shop',
    revision: 0,
    type: 'T',
    data: { amount: '1.00', nested: { 2: 'b', 1: 'a' } },
    metadata: { schemaVersion: 1, actor: 'alice' },
  };
  const hash = hashOf(link);
  const { previousHash, ...place } = link;
  return {
    ...place,
    id: eventIdOf(hash),
    position: 7n,
    created: new Date(0),
    metadata: { ...link.metadata, previousHash, hash },
    ...changes,
  };
};

describe('the hash chain', () => {
  it('accepts an event that follows the one before', () => {
    expect(brokenLink(GENESIS_HASH, stored())).toBeUndefined();
  });

  it('survives the way through JSON, whatever the data', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
        const link = { previousHash: 'p', stream: 's', revision: 1, type: 'T', data, metadata: {} };
        const back = JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
        expect(hashOf({ ...link, data: back })).toBe(hashOf(link));
      }),
    );
  });

  it.each<[string, Partial<StoredEvent>]>([
    ['its data', { data: { amount: '2.00' } }],
    ['its type', { type: 'U' }],
    ['its stream', { stream: 'ledger-other' }],
    ['its place', { revision: 1 }],
    ['who caused it', { metadata: { ...stored().metadata, actor: 'mallory' } }],
    ['its hash', { metadata: { ...stored().metadata, hash: 'f'.repeat(64) } }],
  ])('notices a change of %s', (_what, change) => {
    expect(brokenLink(GENESIS_HASH, stored(change))).toContain('does not match its hash');
  });

  it('notices that the event before is another one', () => {
    expect(brokenLink('a'.repeat(64), stored())).toContain('follows an event with hash');
  });

  it('makes ids that are UUIDs and follow from the content', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const idOf = (text: string) =>
          eventIdOf(
            hashOf({
              previousHash: '',
              stream: text,
              revision: 0,
              type: '',
              data: {},
              metadata: {},
            }),
          );
        expect(idOf(one)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(idOf(one) === idOf(other)).toBe(one === other);
      }),
    );
  });
});
