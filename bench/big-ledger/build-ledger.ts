// Builds a big ledger the way it comes to be: every command is decided, appended and folded, and the
// snapshot is brought up to date behind it. Then comes a tail that no snapshot holds.
import { randomInt, randomUUID } from 'node:crypto';
import { type Logger } from 'pino';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { type LedgerWriters } from '../../src/commands/ledger-writer/ledger-writers.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type PostTransfer } from '../../src/domain/ledger/post-transfer.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { utcNow } from '../../src/platform/clock.js';
import { createPool } from '../../src/platform/postgres.js';
import { postgresSnapshots } from '../../src/snapshots/postgres-snapshots.js';
import { type Stores } from './processes.js';

export const LEDGER = 'big';
/** Commands that are under way at once: some groups, well below what a queue takes. */
const UNDER_WAY = 2_000;
const PROGRESS_EVERY = 100_000;

export interface Size {
  readonly accounts: number;
  /** Each with an id that has to be remembered. */
  readonly transfers: number;
  /** How many of them are recorded as one event. */
  readonly batch: number;
  /** Transfers, one event each, that come after the last snapshot. */
  readonly tail: number;
}

export const accountAt = (n: number) => `customers:${String(n).padStart(7, '0')}:wallet`;

/** Returns how many events were recorded per second while snapshots were being written. */
export async function buildLedger(
  { eventStoreUrl, databaseUrl }: Stores,
  { accounts, transfers, batch, tail }: Size,
  { log, say }: { log: Logger; say: (line: string) => void },
): Promise<number> {
  const pool = createPool({ databaseUrl, applicationName: 'daybook-bench', logger: log, size: 3 });
  const store = eventStoreDb(eventStoreUrl, log);
  const snapshots = postgresSnapshots(pool);
  const snapshotted = createLedgerWriters(store, log, snapshots);
  const startedAt = performance.now();
  await submit(snapshotted, opening());
  await submitAll(snapshotted, accounts, opened, (done) => say(`${done} accounts`));
  const one = () => transferBetween(randomInt(accounts), randomInt(accounts - 1), accounts);
  const many = () => batchOf(Array.from({ length: batch }, one));
  const batches = Math.ceil(transfers / batch);
  await submitAll(snapshotted, batches, batch > 1 ? many : one, (done) => say(`${done} appends`));
  const seconds = (performance.now() - startedAt) / 1_000;
  await snapshotted.close();
  const reading = { ...snapshots, advance: () => Promise.resolve(false) };
  const withoutSaving = createLedgerWriters(store, log, reading);
  await submitAll(withoutSaving, tail, one, () => undefined);
  await withoutSaving.close();
  await Promise.all([store.close(), pool.end()]);
  return (accounts + batches) / seconds;
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
  const outcome = await writers.submit(LEDGER, command, causation);
  if (outcome.kind !== 'recorded') throw new Error(`${command.type} came to ${outcome.kind}`);
}

function opening(): LedgerCommand {
  const rules = { uniqueReferences: false, pastDaysMax: null, futureDaysMax: null };
  return { type: 'OpenLedger', ledger: LEDGER, name: 'Big', assets: [], rules, now: utcNow() };
}

function opened(n: number): LedgerCommand {
  return {
    type: 'OpenAccount',
    ...{ address: accountAt(n), accountType: 'liability', currency: 'EUR' },
    ...{ overdraftLimit: null, balanceLimit: null, metadata: {}, now: utcNow() },
  };
}

function batchOf(transfers: readonly PostTransfer[]): LedgerCommand {
  return { type: 'PostBatch', id: randomUUID(), transfers, now: utcNow() };
}

/** From one account to another one. */
function transferBetween(from: number, distance: number, accounts: number): PostTransfer {
  const debit = accountAt(from);
  const credit = accountAt((from + 1 + distance) % accounts);
  return {
    type: 'PostTransfer',
    id: randomUUID(),
    legs: [{ debit, credit, amount: `${randomInt(1, 900)}.25`, currency: 'EUR' }],
    ...{ effectiveAt: null, reference: null, description: null, metadata: {} },
    ...{ conditions: [], pending: null, now: utcNow() },
  };
}
