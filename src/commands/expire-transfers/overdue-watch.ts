// Pending transfers expire in the process that has their ledger in memory. After a restart, or when an
// idle ledger left memory, no process has it: this asks the read models from time to time which ledgers
// have something that is over, and lets their writers look at the log. Several processes may do so at once.
import { type Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LedgerWriters } from '../ledger-writer/ledger-writers.js';

const PAUSE_MS = 5_000;

export interface OverdueWatch {
  readonly writers: Pick<LedgerWriters, 'expireDue'>;
  /** Some of the ledgers with pending transfers whose time is over, as far as the read models know. */
  readonly overdueLedgers: () => Promise<readonly string[]>;
  readonly log: Logger;
}

/** Goes on until stopped; whatever fails is tried again after the next pause. */
export function watchOverdue(watch: OverdueWatch): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const watching = (async () => {
    while (!signal.aborted) {
      await expireOverdue(watch, signal);
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

async function expireOverdue(
  { writers, overdueLedgers, log }: OverdueWatch,
  signal: AbortSignal,
): Promise<void> {
  const later = (error: unknown, ledger?: string) =>
    log.debug({ ledger, error: String(error) }, 'pending transfers that are over expire later');
  try {
    for (const ledger of await overdueLedgers()) {
      if (signal.aborted) return;
      // A ledger that cannot be read does not keep the others waiting.
      await writers.expireDue(ledger).catch((error: unknown) => later(error, ledger));
    }
  } catch (error) {
    later(error);
  }
}
