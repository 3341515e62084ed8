// Many ledgers in one process, on real stores: how many stay in memory is bounded, whoever left comes back as
// it was, and a ledger that is slow or broken is that for itself alone.
import { randomUUID } from 'node:crypto';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { FoldedLedger } from '../../src/commands/ledger-writer/folded-ledger.js';
import { LedgerWriter } from '../../src/commands/ledger-writer/ledger-writer.js';
import { LedgerBusy } from '../../src/commands/ledger-writer/ledger-writers.js';
import {
  type ResidenceLimits,
  ResidentLedgers,
} from '../../src/commands/ledger-writer/resident-ledgers.js';
import { Snapshots } from '../../src/commands/ledger-writer/snapshots.js';
import { InvariantViolation } from '../../src/domain/errors.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { postgresSnapshots } from '../../src/snapshots/postgres-snapshots.js';
import { newEvent } from '../contract/event-store.contract.js';
import { leg, openAccount, openLedger, postTransfer } from '../support/ledger-factories.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';

const log = pino({ level: 'silent' });
const LEDGERS = 1_500;
const IN_MEMORY_MAX = 200;
const AT_ONCE = 50;

const causation = {
  actor: 'tester',
  requestId: 'r',
  correlationId: 'c',
  causationId: 'r',
  clientAddress: null,
};

describe('many ledgers', () => {
  let events: TestEventStore;
  let postgres: TestPostgres;
  let store: EventStore;
  let pool: Pool;

  beforeAll(async () => {
    [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
    store = eventStoreDb(events.url, log);
    pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([store.close(), pool.end()]);
    await Promise.all([events.remove(), postgres.remove()]);
  }, 60_000);

  const residents = (limits: ResidenceLimits, on: EventStore = store) => {
    const snapshots = new Snapshots(postgresSnapshots(pool), log);
    return new ResidentLedgers(
      (ledger) => new LedgerWriter(new FoldedLedger(ledger, on, snapshots), on, log),
      limits,
    );
  };
  const submit = (ledgers: ResidentLedgers, ledger: string, command: LedgerCommand) =>
    ledgers.use(ledger, (writer) => writer.submit({ command, causation }));
  const openBooks = async (ledgers: ResidentLedgers, ledger: string) => {
    await submit(ledgers, ledger, openLedger({ ledger }));
    await submit(ledgers, ledger, openAccount({ address: 'cash', overdraftLimit: null }));
    await submit(ledgers, ledger, openAccount({ address: 'alice' }));
  };
  const transfer = (ledgers: ResidentLedgers, ledger: string, id: string) =>
    submit(ledgers, ledger, postTransfer(id, [leg('cash', 'alice', '1')]));
  const NEVER_IDLE = { ledgersMax: IN_MEMORY_MAX, idleMs: 3_600_000 };

  it('never hold more in memory than may be, and answer for all', async () => {
    const ledgers = residents(NEVER_IDLE);
    const names = Array.from({ length: LEDGERS }, () => randomUUID());
    let most = 0;
    for (let from = 0; from < LEDGERS; from += AT_ONCE) {
      await Promise.all(names.slice(from, from + AT_ONCE).map((name) => openBooks(ledgers, name)));
      most = Math.max(most, ledgers.size);
    }
    expect(most).toBe(IN_MEMORY_MAX);
    // The first have left long ago; each comes back with what it knew.
    for (const name of names.slice(0, AT_ONCE)) {
      expect(await transfer(ledgers, name, 't')).toMatchObject({ kind: 'recorded', revision: 3 });
    }
    expect(ledgers.size).toBe(IN_MEMORY_MAX);
  }, 60_000);

  it('let go who is idle, with its snapshot, and not who was asked meanwhile', async () => {
    const ledgers = residents({ ledgersMax: IN_MEMORY_MAX, idleMs: 0 });
    const [idle, small] = [randomUUID(), randomUUID()];
    await openBooks(ledgers, idle);
    await openBooks(ledgers, small);
    const ids = Array.from({ length: 1_000 }, (_, n) => `t${n}`);
    await Promise.all(ids.map((id) => transfer(ledgers, idle, id)));
    while (ledgers.size > 0) await ledgers.dismissIdle();
    const heads = await pool.query<{ ledger: string }>('SELECT ledger FROM daybook.snapshot');
    expect(heads.rows).toEqual([{ ledger: idle }]);
    expect(await transfer(ledgers, idle, 't7')).toMatchObject({ replayed: true, revision: 10 });
    expect(ledgers.size).toBe(1);
  });

  it('keep every ledger with callers waiting, and turn others away when there is no room', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const slow: EventStore = {
      ...store,
      readStream: async function* (...request) {
        await held;
        yield* store.readStream(...request);
      },
    };
    const ledgers = residents({ ledgersMax: 2, idleMs: 0 }, slow);
    const asked = [randomUUID(), randomUUID()].map((name) => openBooks(ledgers, name));
    await expect(openBooks(ledgers, randomUUID())).rejects.toThrow(LedgerBusy);
    await ledgers.dismissIdle();
    expect(ledgers.size).toBe(2);
    letGo();
    await Promise.all(asked);
    while (ledgers.size > 0) await ledgers.dismissIdle();
    await openBooks(ledgers, randomUUID());
  });

  it('answer for themselves: a damaged one says so, one that never ends is waited for alone', async () => {
    const [damaged, endless, sound] = [randomUUID(), randomUUID(), randomUUID()];
    let reads = 0;
    let ended = false;
    const stuck: EventStore = {
      ...store,
      readStream: async function* (stream, options) {
        yield* store.readStream(stream, options);
        if (!stream.endsWith(endless)) return;
        reads += 1;
        while (!ended) await new Promise((resolve) => setTimeout(resolve, 10));
      },
    };
    const ledgers = residents(NEVER_IDLE);
    for (const name of [damaged, endless, sound]) await openBooks(ledgers, name);
    await store.append(`ledger-${damaged}`, 2, [newEvent()]);

    const others = residents(NEVER_IDLE, stuck);
    const waiting = transfer(others, endless, 't');
    await expect(transfer(others, damaged, 't')).rejects.toThrow(InvariantViolation);
    for (let n = 0; n < 20; n += 1) {
      expect(await transfer(others, sound, `t${n}`)).toMatchObject({ revision: 3 + n });
    }
    await expect(transfer(others, damaged, 't')).rejects.toThrow(InvariantViolation);
    expect(reads).toBe(1);
    ended = true;
    expect(await waiting).toMatchObject({ kind: 'recorded', revision: 3 });
  });
});
