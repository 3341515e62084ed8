// The write side in this process, for tests of what follows it.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { type CommandOutcome } from '../../src/commands/ledger-writer/ledger-writers.js';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type EventStore } from '../../src/event-store/event-store.js';

export interface Submitter {
  /** Throws when the command is rejected. */
  readonly submit: (ledger: string, command: LedgerCommand) => Promise<CommandOutcome>;
  readonly close: () => Promise<void>;
}

export function submitterOn(store: EventStore): Submitter {
  const writers = createLedgerWriters(store, pino({ level: 'silent' }));
  return {
    submit: async (ledger, command) => {
      const id = randomUUID();
      const causation = {
        ...{ actor: 'bank', requestId: id, correlationId: id, causationId: id },
        clientAddress: null,
      };
      const outcome = await writers.submit(ledger, command, causation);
      if (outcome.kind === 'rejected') throw new Error(outcome.rejection.message);
      return outcome;
    },
    close: () => writers.close(),
  };
}
