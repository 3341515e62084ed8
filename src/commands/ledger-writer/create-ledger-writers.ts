import { type Logger } from 'pino';
import { type EventStore, EventStoreUnavailable } from '../../event-store/event-store.js';
import { LedgerWriter } from './ledger-writer.js';
import { type LedgerWriters } from './ledger-writers.js';

/** One writer per ledger, made when it is first asked for. */
export function createLedgerWriters(store: EventStore, log: Logger): LedgerWriters {
  const writers = new Map<string, LedgerWriter>();
  let closed = false;

  // Names of ledgers that do not exist must not pile up.
  const forgetUnlessOpened = async (ledger: string, writer: LedgerWriter): Promise<void> => {
    await writer.settled();
    if (!writer.isOpened && writer.isIdle) writers.delete(ledger);
  };

  const asking = async <T>(
    ledger: string,
    ask: (writer: LedgerWriter) => Promise<T>,
  ): Promise<T> => {
    if (closed) throw new EventStoreUnavailable('this process is shutting down');
    const writer = writers.get(ledger) ?? new LedgerWriter(ledger, store, log);
    writers.set(ledger, writer);
    try {
      return await ask(writer);
    } finally {
      if (!writer.isOpened) void forgetUnlessOpened(ledger, writer);
    }
  };

  return {
    submit: (ledger, command, causation) =>
      asking(ledger, (writer) => writer.submit({ command, causation })),
    current: (ledger) => asking(ledger, (writer) => writer.current()),
    expireDue: (ledger) => asking(ledger, (writer) => writer.expireDue()),
    close: async () => {
      closed = true;
      for (const writer of writers.values()) writer.retire();
      await Promise.all([...writers.values()].map((writer) => writer.settled()));
    },
  };
}
