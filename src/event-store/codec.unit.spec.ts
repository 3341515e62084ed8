// Released events are files in test/golden, one or more per type and version (`TransferPosted.v1.json`,
// `TransferPosted.v1.exchange.json`), never edited: whatever becomes of the code, it must read all of them,
// and write those of the newest version to the letter.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Causation, STORED_NAMES, UnreadableEvent, decode, encode } from './codec.js';
import { type StoredEvent } from './event-store.js';
import { brokenLink } from './hash-chain.js';
import { currentVersion } from './upcasters/index.js';

const FOLDER = join(process.cwd(), 'test', 'golden');
const TYPES = Object.values(STORED_NAMES);

interface Golden {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

const goldenFiles = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** `TransferPosted.v1`. */
function versionOf(file: string): string {
  return file.split('.').slice(0, 2).join('.');
}

function golden(file: string): StoredEvent {
  const parsed = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Golden;
  return { ...parsed, position: 1n, created: new Date(0) };
}

describe('golden events', () => {
  it('exist for every type in every version', () => {
    const expected = TYPES.flatMap((type) =>
      Array.from({ length: currentVersion(type) }, (_, index) => `${type}.v${index + 1}.json`),
    );
    expect(goldenFiles).toEqual(expect.arrayContaining(expected));
    const versions = goldenFiles.map((file) => `${versionOf(file)}.json`);
    expect(expected).toEqual(expect.arrayContaining(versions));
  });

  it.each(goldenFiles)('%s is read, and its hash holds', (file) => {
    const stored = golden(file);
    const recorded = decode(stored);
    expect(recorded.event.type).toBe(file.split('.')[0]);
    expect(recorded.ledger).toBe('golden');
    expect(brokenLink(String(stored.metadata['previousHash']), stored)).toBeUndefined();
  });

  const newest = TYPES.map((type) => `${type}.v${currentVersion(type)}`);
  it.each(goldenFiles.filter((file) => newest.includes(versionOf(file))))(
    '%s is written to the letter',
    (file) => {
      const stored = golden(file);
      const { event, metadata } = decode(stored);
      const causation: Causation = {
        actor: metadata.actor,
        requestId: metadata.requestId,
        correlationId: metadata.$correlationId,
        causationId: metadata.$causationId,
        clientAddress: metadata.clientAddress,
      };
      const place = { stream: stored.stream, revision: stored.revision, ...metadata };
      const written = encode(event, place, causation);
      const { id, type, data, metadata: writtenMetadata } = written;
      const letters = ({
        id,
        type,
        data,
        metadata,
      }: Pick<StoredEvent, 'id' | 'type' | 'data' | 'metadata'>) =>
        JSON.stringify({ id, type, data, metadata });
      expect(letters({ id, type, data, metadata: writtenMetadata })).toBe(letters(stored));
    },
  );
});

describe('an event of a named writer', () => {
  const { event, metadata: recorded } = decode(golden('AccountOpened.v1.json'));
  const causation = {
    ...{ actor: 'alice', requestId: 'r', correlationId: 'r', causationId: 'r' },
    clientAddress: null,
  };
  const { previousHash } = recorded;
  const place = { stream: 'ledger-golden', revision: 1, previousHash };
  const storedBy = (writer?: string): StoredEvent => {
    const { id, type, data, metadata } = encode(event, { ...place, writer }, causation);
    return { id, type, data, metadata, ...place, position: 7n, created: new Date(0) };
  };

  it('says so, and no other', () => {
    expect(decode(storedBy('w1')).metadata.writer).toBe('w1');
    expect(decode(storedBy()).metadata).not.toHaveProperty('writer');
  });

  it('is chained with the name', () => {
    const stored = storedBy('w1');
    expect(brokenLink(previousHash, stored)).toBeUndefined();
    const forged = { ...stored, metadata: { ...stored.metadata, writer: 'w2' } };
    expect(brokenLink(previousHash, forged)).toContain('does not match its hash');
  });
});

describe('an event that cannot be read', () => {
  const stored = golden('LedgerOpened.v1.json');

  it.each<[string, Partial<StoredEvent>]>([
    ['of an unknown type', { type: 'LedgerBurnt' }],
    ['of a version from the future', { metadata: { ...stored.metadata, schemaVersion: 99 } }],
    ['without a schema version', { metadata: { hash: 'x' } }],
    ['without a hash', { metadata: { schemaVersion: 1 } }],
    ['of a stream that is no ledger', { stream: 'orders-1' }],
  ])('%s is never guessed at', (_what, change) => {
    expect(() => decode({ ...stored, ...change })).toThrow(UnreadableEvent);
  });
});
