// Builds a big ledger the way it comes to be: every command is decided, appended and folded, and the
// snapshot is brought up to date behind it. Or, in minutes instead of hours, as its snapshot alone: the
// accounts and ids of a history that nobody wrote. Either way a tail follows that no snapshot holds.
import { randomInt, randomUUID } from 'node:crypto';
import { type Logger } from 'pino';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { FoldedLedger } from '../../src/commands/ledger-writer/folded-ledger.js';
import { LedgerBusy, type LedgerWriters } from '../../src/commands/ledger-writer/ledger-writers.js';
import { type SnapshotStore } from '../../src/commands/ledger-writer/snapshot-store.js';
import { Snapshots } from '../../src/commands/ledger-writer/snapshots.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { NO_RULES } from '../../src/domain/ledger/open-ledger.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { evolve } from '../../src/domain/ledger/evolve.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { utcNow } from '../../src/platform/clock.js';
import { createPool } from '../../src/platform/postgres.js';
import { postgresSnapshots } from '../../src/snapshots/postgres-snapshots.js';
import { type BenchStores } from '../stores.js';

export const LEDGER = 'big';
/** Commands that are under way at once: some groups, well below what a queue takes. */
const UNDER_WAY = 2_000;
const PROGRESS_EVERY = 100_000;

export interface Size {
  readonly accounts: number;
  /** Each with an id that has to be remembered. */
  readonly transfers: number;
  /** Transfers that come after the last snapshot. */
  readonly tail: number;
}

interface Workplace {
  readonly store: EventStore;
  readonly snapshots: SnapshotStore;
  readonly log: Logger;
  readonly say: (line: string) => void;
}

export const accountAt = (n: number) => `customers:${String(n).padStart(7, '0')}:wallet`;

export async function buildLedger(
  { eventStoreUrl, databaseUrl }: BenchStores,
  size: Size,
  options: { log: Logger; say: (line: string) => void; onlySnapshot: boolean },
): Promise<void> {
  const { log } = options;
  const pool = createPool({ databaseUrl, applicationName: 'daybook-bench', logger: log, size: 3 });
  const store = eventStoreDb(eventStoreUrl, log);
  const snapshots = postgresSnapshots(pool);
  const workplace = { store, snapshots, ...options };
  await (options.onlySnapshot ? writeSnapshot : live)(workplace, size);
  const reading = { ...snapshots, advance: () => Promise.resolve(false) };
  const writers = createLedgerWriters(store, log, reading);
  await submitAll(
    writers,
    size.tail,
    () => transferAmong(size.accounts),
    () => undefined,
  );
  await writers.close();
  await Promise.all([store.close(), pool.end()]);
}

async function live({ store, snapshots, log, say }: Workplace, { accounts, transfers }: Size) {
  const startedAt = performance.now();
  const writers = createLedgerWriters(store, log, snapshots);
  await submit(writers, opening());
  await submitAll(writers, accounts, opened, (done) => say(`${done} accounts`));
  const transfer = () => transferAmong(accounts);
  await submitAll(writers, transfers, transfer, (done) => say(`${done} transfers`));
  const rate = (1_000 * (accounts + transfers)) / (performance.now() - startedAt);
  say(`recorded ${rate.toFixed(0)} events/s, with snapshots written behind`);
  await writers.close();
}

async function writeSnapshot(workplace: Workplace, { accounts, transfers }: Size) {
  const { store, snapshots, log, say } = workplace;
  const writers = createLedgerWriters(store, log);
  await submit(writers, opening());
  await writers.close();
  const folded = new FoldedLedger(LEDGER, store, new Snapshots(snapshots, log));
  await folded.catchUp();
  const { state } = folded;
  const { revision } = state;
  for (let n = 0; n < accounts; n += 1) evolve(state, openedEvent(n));
  state.revision = revision;
  for (let n = 0; n < transfers; n += 1) state.decidedAt.set(randomUUID(), revision);
  const startedAt = performance.now();
  await folded.snapshot?.save(0);
  say(`snapshot written in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

async function submitAll(
  writers: LedgerWriters,
  count: number,
  commandAt: (n: number) => LedgerCommand,
  tell: (done: number) => void,
): Promise<void> {
  let next = 0;
  const client = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      await submit(writers, commandAt(n));
      if ((n + 1) % PROGRESS_EVERY === 0) tell(n + 1);
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, client));
}

async function submit(writers: LedgerWriters, command: LedgerCommand): Promise<void> {
  const requestId = randomUUID();
  const causation = {
    ...{ actor: 'bench', requestId, correlationId: requestId, causationId: requestId },
    clientAddress: null,
  };
  for (;;) {
    try {
      const { kind } = await writers.submit(LEDGER, command, causation);
      if (kind === 'recorded') return;
      throw new Error(`${command.type} came to ${kind}`);
    } catch (error) {
      // On a slow machine a big ledger may take longer to be read than callers wait.
      if (!(error instanceof LedgerBusy)) throw error;
    }
  }
}

function opening(): LedgerCommand {
  return {
    type: 'OpenLedger',
    ledger: LEDGER,
    name: 'Big',
    assets: [],
    rules: NO_RULES,
    now: utcNow(),
  };
}

function opened(n: number): LedgerCommand {
  return {
    type: 'OpenAccount',
    ...{ address: accountAt(n), accountType: 'liability', currency: 'EUR' },
    ...{ overdraftLimit: null, balanceLimit: null, metadata: {}, now: utcNow() },
  };
}

function openedEvent(n: number): LedgerEvent {
  return {
    type: 'AccountOpened',
    data: {
      ...{ address: accountAt(n), type: 'liability', currency: 'EUR' },
      ...{ overdraftLimit: null, balanceLimit: null, metadata: {}, recordedAt: utcNow() },
    },
  };
}

/** From one account to another one. */
function transferAmong(accounts: number): LedgerCommand {
  const from = randomInt(accounts);
  const to = (from + 1 + randomInt(accounts - 1)) % accounts;
  const amount = `${randomInt(1, 900)}.25`;
  return {
    type: 'PostTransfer',
    id: randomUUID(),
    legs: [{ debit: accountAt(from), credit: accountAt(to), amount, currency: 'EUR' }],
    ...{ effectiveAt: null, reference: null, description: null, metadata: {} },
    ...{ conditions: [], pending: null, now: utcNow() },
  };
}
