// Snapshots of folded ledgers, on a real log and a real Postgres: whatever is stored, however it came to be
// and whatever happened to it, a ledger that starts from it is what the fold of its log is.
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { FoldedLedger } from '../../src/commands/ledger-writer/folded-ledger.js';
import { type LedgerWriters } from '../../src/commands/ledger-writer/ledger-writers.js';
import { type SnapshotStore } from '../../src/commands/ledger-writer/snapshot-store.js';
import { Snapshots } from '../../src/commands/ledger-writer/snapshots.js';
import { InvariantViolation } from '../../src/domain/errors.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { FOLD_VERSION } from '../../src/domain/ledger/evolve.js';
import { PackedRevisions } from '../../src/domain/ledger/packed-revisions.js';
import { TrackedMap } from '../../src/domain/ledger/tracked-map.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { postgresSnapshots } from '../../src/snapshots/postgres-snapshots.js';
import { leg, postTransfer } from '../support/ledger-factories.js';
import { ledgerCommand, opening } from '../support/random-commands.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

const causation = {
  actor: 'tester',
  requestId: 'r',
  correlationId: 'c',
  causationId: 'r',
  clientAddress: null,
};
const HISTORIES = 12;
const STEPS_MAX = 120;

describe('snapshots', () => {
  let events: TestEventStore;
  let postgres: TestPostgres;
  let store: EventStore;
  let pool: Pool;
  let snapshotStore: SnapshotStore;
  let writers: LedgerWriters;
  let ledger: string;
  const logged: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => logged.push(line) });

  beforeAll(async () => {
    [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
    store = eventStoreDb(events.url, log);
    pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
    snapshotStore = postgresSnapshots(pool);
    writers = createLedgerWriters(store, log);
  }, 60_000);
  afterAll(async () => {
    await writers.close();
    await Promise.all([store.close(), pool.end()]);
    await Promise.all([events.remove(), postgres.remove()]);
  }, 60_000);
  beforeEach(async () => {
    await pool.query('TRUNCATE daybook.snapshot, daybook.snapshot_value, daybook.snapshot_records');
    ledger = randomUUID();
    logged.length = 0;
  });

  const submit = (command: LedgerCommand) => writers.submit(ledger, command, causation);
  /** A process that starts now and reads the ledger. */
  const processOn = async (snapshots?: SnapshotStore): Promise<FoldedLedger> => {
    const folded = new FoldedLedger(ledger, store, snapshots && new Snapshots(snapshots, log));
    await folded.catchUp();
    return folded;
  };
  const starting = () => processOn(snapshotStore);
  /** All that a state holds, in plain values that do not depend on the order in which it was filled. */
  const everythingIn = ({ state, hash }: FoldedLedger) => {
    const fields = Object.entries(state).map(([name, held]: [string, unknown]) => {
      if (held instanceof PackedRevisions) {
        return [name, Buffer.concat([...held.recordsAfter(-1)]).toString('base64')];
      }
      if (!(held instanceof TrackedMap)) return [name, held];
      return [name, Object.fromEntries(held.all().keys.map((key) => [key, held.get(key)]))];
    });
    return { hash, ...(Object.fromEntries(fields) as object) };
  };
  const expectSameAsLog = async (folded: FoldedLedger) => {
    expect(everythingIn(folded)).toEqual(everythingIn(await processOn()));
  };
  /** Books of 7 events, and `count` transfers. */
  const openBooks = async (count: number): Promise<void> => {
    for (const command of opening(ledger)) await submit(command);
    await post(count);
  };
  const post = async (count: number): Promise<void> => {
    const ids = Array.from({ length: count }, (_, n) => (n % 2 ? randomUUID() : `n${count}-${n}`));
    await Promise.all(ids.map((id) => submit(postTransfer(id, [leg('cash', 'alice', '1.00')]))));
  };
  const storedRevision = async () => (await snapshotStore.head(ledger))?.revision;

  it('start a ledger as its log does, whatever happened in it, written by two processes in turn', async () => {
    // Somebody's command, or the process that brings the snapshot up to date.
    const step = fc.oneof({ weight: 12, arbitrary: ledgerCommand }, fc.constantFrom(0, 1));
    const history = fc.array(step, { maxLength: STEPS_MAX, size: 'max' });
    const property = fc.asyncProperty(history, async (steps) => {
      ledger = randomUUID();
      for (const command of opening(ledger)) await submit(command);
      const processes = [await starting(), await starting()];
      for (const taken of steps) {
        if (typeof taken !== 'number') {
          await submit(taken);
          continue;
        }
        const folded = processes[taken] as FoldedLedger;
        await folded.catchUp();
        await folded.snapshot?.save(1);
        expect(await storedRevision()).toBe(folded.state.revision);
      }
      await expectSameAsLog(await starting());
    });
    await fc.assert(property, { numRuns: HISTORIES });
    expect(logged).toEqual([]);
  }, 60_000);

  it('are read instead of the events that they hold', async () => {
    await openBooks(300);
    await (await starting()).snapshot?.save(1);
    await post(10);
    const revisions: number[] = [];
    const watched: EventStore = {
      ...store,
      readStream: async function* (...request) {
        for await (const event of store.readStream(...request)) {
          revisions.push(event.revision);
          yield event;
        }
      },
    };
    const folded = new FoldedLedger(ledger, watched, new Snapshots(snapshotStore, log));
    await folded.catchUp();
    await expectSameAsLog(folded);
    expect(Math.min(...revisions)).toBe(306);
    expect(revisions.length).toBeLessThanOrEqual(12);
  });

  it('are only written when there is enough that is new, by whomever', async () => {
    await openBooks(50);
    const [one, two] = [await starting(), await starting()];
    await one.snapshot?.save(1_000);
    expect(await storedRevision()).toBeUndefined();
    await one.snapshot?.save(1);
    await post(10);
    await two.catchUp();
    await two.snapshot?.save(20);
    expect(await storedRevision()).toBe(56);
    await two.snapshot?.save(10);
    expect(await storedRevision()).toBe(66);
    await one.snapshot?.save(1);
    expect(await storedRevision()).toBe(66);
  });

  it('let one of two that write at once win, and the other go on from there', async () => {
    await openBooks(100);
    const [one, two] = [await starting(), await starting()];
    await Promise.all([one.snapshot?.save(1), two.snapshot?.save(1)]);
    await post(50);
    await Promise.all([one.catchUp(), two.catchUp()]);
    await Promise.all([one.snapshot?.save(1), two.snapshot?.save(1)]);
    expect(await storedRevision()).toBe(156);
    await expectSameAsLog(await starting());
    expect(logged).toEqual([]);
  });

  it.each([
    [
      'by another version of the fold',
      'UPDATE daybook.snapshot SET fold_version = fold_version + 1',
      `version ${FOLD_VERSION + 1} of the fold`,
    ],
    [
      'from another log',
      "UPDATE daybook.snapshot SET hash = repeat('0', 64)",
      'the log has another event',
    ],
    [
      'from a longer log',
      'UPDATE daybook.snapshot SET revision = revision + 1000',
      'the log has another event',
    ],
    [
      'with a damaged summary',
      "UPDATE daybook.snapshot SET summary = replace(summary, 'Shop', 'Ship')",
      'the summary does not match',
    ],
    [
      'with a damaged value',
      "UPDATE daybook.snapshot_value SET value = replace(value, 'EUR', 'USD')",
      'does not match its checksum',
    ],
    [
      'with a value under another key',
      "UPDATE daybook.snapshot_value SET key = 'x' WHERE key = 'bob'",
      'does not match its checksum',
    ],
    [
      'without one of its values',
      "DELETE FROM daybook.snapshot_value WHERE key = 'bob'",
      'missing',
    ],
    [
      'with damaged records',
      'UPDATE daybook.snapshot_records SET records = set_byte(records, 9, 255 - get_byte(records, 9))',
      'does not match its checksum',
    ],
    [
      'with records cut off',
      'UPDATE daybook.snapshot_records SET records = substring(records FOR length(records) - 5)',
      'does not match its checksum',
    ],
    ['without its records', 'DELETE FROM daybook.snapshot_records', 'missing'],
  ])('made %s are ignored, which is said, and made anew', async (_how, damage, reason) => {
    await openBooks(40);
    await (await starting()).snapshot?.save(1);
    await pool.query(damage);
    const again = await starting();
    await expectSameAsLog(again);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('a snapshot is ignored');
    expect(logged[0]).toContain(reason);
    await again.snapshot?.save(1);
    logged.length = 0;
    await expectSameAsLog(await starting());
    expect(await storedRevision()).toBe(46);
    expect(logged).toEqual([]);
  });

  it('are not held on to when the log was replaced while a process had the ledger', async () => {
    await openBooks(20);
    const restored = await startTestEventStore();
    const older = eventStoreDb(restored.url, log);
    const copied = createLedgerWriters(older, log);
    for (const command of opening(ledger)) await copied.submit(ledger, command, causation);
    await copied.close();

    let current = store;
    const replaceable: EventStore = {
      ...store,
      readStream: (stream, options) => current.readStream(stream, options),
    };
    const folded = new FoldedLedger(ledger, replaceable, new Snapshots(snapshotStore, log));
    await folded.catchUp();
    await folded.snapshot?.save(1);
    current = older;
    await expect(folded.catchUp()).rejects.toThrow(InvariantViolation);
    await folded.catchUp();
    expect(folded.state.revision).toBe(opening(ledger).length - 1);
    await older.close();
    await restored.remove();
  });

  it('are left as they were when whoever writes one is killed in the middle', async () => {
    await openBooks(60);
    const one = await starting();
    await one.snapshot?.save(1);
    await post(61);
    await one.catchUp();
    const proxy = await startTcpProxy(Number(new URL(postgres.url).port));
    const url = new URL(postgres.url);
    url.port = String(proxy.port);
    const doomed = createPool({ databaseUrl: url.href, applicationName: 'test', logger: log });
    const cutting: SnapshotStore = {
      ...postgresSnapshots(doomed),
      advance: (name, increment) => {
        const records = function* () {
          yield* increment.records;
          proxy.cut();
          yield* increment.records;
        };
        return postgresSnapshots(doomed).advance(name, { ...increment, records: records() });
      },
    };
    const two = await processOn(cutting);
    await two.snapshot?.save(1);
    expect(logged.join()).toContain('a snapshot could not be written');
    logged.length = 0;
    expect(await storedRevision()).toBe(66);
    await expectSameAsLog(await starting());
    await one.snapshot?.save(1);
    expect(await storedRevision()).toBe(127);
    await expectSameAsLog(await starting());
    expect(logged).toEqual([]);
    await Promise.all([doomed.end(), proxy.close()]);
  });

  it('are missed by nobody when Postgres is down: commands go on, and it is said once', async () => {
    await openBooks(20);
    await (await starting()).snapshot?.save(1);
    await postgres.stop();
    const withoutPostgres = createLedgerWriters(store, log, snapshotStore);
    const answers = await Promise.all(
      ['x', 'y'].map((id) =>
        withoutPostgres.submit(ledger, postTransfer(id, [leg('cash', 'bob', '1')]), causation),
      ),
    );
    await withoutPostgres.close();
    await postgres.restart();
    expect(answers.map(({ kind }) => kind)).toEqual(['recorded', 'recorded']);
    const complaints = logged.filter((line) => line.includes('a snapshot could not be'));
    expect(complaints).toHaveLength(1);
    await expectSameAsLog(await starting());
  });
});
