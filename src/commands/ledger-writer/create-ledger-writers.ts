import { type Logger } from 'pino';
import { type LedgerCommand } from '../../domain/ledger/decide.js';
import { type Causation } from '../../event-store/codec.js';
import { type EventStore, EventStoreUnavailable } from '../../event-store/event-store.js';
import { settlesWithin } from '../../platform/time-limit.js';
import { type Request } from './decide-group.js';
import { FoldedLedger } from './folded-ledger.js';
import { LedgerWriter } from './ledger-writer.js';
import { type LedgerWriters } from './ledger-writers.js';
import { IDLE_MS, ResidentLedgers } from './resident-ledgers.js';
import { type SnapshotStore } from './snapshot-store.js';
import { Snapshots } from './snapshots.js';

/** How often ledgers are looked for that can leave memory. */
const SWEEP_MS = IDLE_MS / 10;
/** How long snapshots may take to be written once the end is near. */
const LAST_SNAPSHOTS_MS = 4_000;

/** One writer per ledger, made when it is first asked for. Without `snapshotStore` it reads the whole log. */
export function createLedgerWriters(
  store: EventStore,
  log: Logger,
  snapshotStore?: SnapshotStore,
): LedgerWriters {
  const snapshots = snapshotStore && new Snapshots(snapshotStore, log);
  const ledgers = new ResidentLedgers(
    (ledger) => new LedgerWriter(new FoldedLedger(ledger, store, snapshots), store, log),
  );
  const sweep = setInterval(() => void ledgers.dismissIdle(), SWEEP_MS).unref();
  let closed = false;

  const asking = async <T>(ledger: string, ask: (writer: LedgerWriter) => Promise<T>) => {
    if (closed) throw new EventStoreUnavailable('this process is shutting down');
    return ledgers.use(ledger, ask);
  };

  return {
    submit: (ledger, command, causation) =>
      asking(ledger, (writer) => writer.submit({ command, causation })),
    submitAll: (ledger, commands, causation) =>
      asking(ledger, (writer) => writer.submitAll(requestsOf(commands, causation))),
    preview: (ledger, commands, causation) =>
      asking(ledger, (writer) => writer.preview(requestsOf(commands, causation))),
    current: (ledger) => asking(ledger, (writer) => writer.current()),
    expireDue: (ledger) => asking(ledger, (writer) => writer.expireDue()),
    close: async () => {
      closed = true;
      clearInterval(sweep);
      await ledgers.retire();
      await settlesWithin(LAST_SNAPSHOTS_MS, ledgers.saveSnapshots());
    },
  };
}

function requestsOf(commands: readonly LedgerCommand[], causation: Causation): Request[] {
  return commands.map((command) => ({ command, causation }));
}
