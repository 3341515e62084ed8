// The journal, one entry for each attempt: what was asked, what had been told to any client by the time it
// was sent, what was answered, and the event that it led to.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type Answer, type Journal } from '../journal.js';
import { type BankRequest } from '../requests.js';

export interface Attempt<R extends BankRequest = BankRequest> {
  readonly requestId: string;
  readonly request: R;
  /** The highest revision that any client had been told of when this was sent; -1 is none. */
  readonly knownBefore: number;
  /** Undefined when it was lost. */
  readonly answer: Answer | undefined;
  /** Undefined when no event was caused by it. */
  readonly event: StoredEvent | undefined;
}

export function attemptsOf(journal: Journal, events: readonly StoredEvent[]): Attempt[] {
  const caused = new Map(events.map((event) => [String(event.metadata['requestId']), event]));
  const attempts = new Map<string, Attempt>();
  let known = -1;
  for (const entry of journal) {
    const { requestId } = entry;
    if (entry.what === 'sent') {
      const { request } = entry;
      const event = caused.get(requestId);
      const knownBefore = known;
      attempts.set(requestId, { requestId, request, knownBefore, answer: undefined, event });
    }
    const attempt = attempts.get(requestId);
    if (entry.what === 'answered' && attempt) {
      attempts.set(requestId, { ...attempt, answer: entry.answer });
      known = Math.max(known, ...revisionsIn(entry.answer));
    }
  }
  return [...attempts.values()];
}

function revisionsIn({ body: { meta, error } }: Answer): number[] {
  const evidence = error?.details['evidence'] as { revision?: number } | undefined;
  return [meta?.revision ?? -1, evidence?.revision ?? -1];
}
