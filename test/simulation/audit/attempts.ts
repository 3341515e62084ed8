// The journal, one entry for each attempt: what was asked, what had been told to any client by the time it
// was sent, what was answered, and the event that it led to.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type Answer } from '../journal.js';
import { type BankRequest, type SingleRequest } from '../requests.js';
import { type EachAlone } from './each-alone.js';

export interface Attempt<R extends SingleRequest = SingleRequest> {
  readonly requestId: string;
  readonly request: R;
  /** The highest revision that any client had been told of when this was sent; -1 is none. */
  readonly knownBefore: number;
  /** Undefined when it was lost. */
  readonly answer: Answer | undefined;
  /** Undefined when no event was caused by it. */
  readonly event: StoredEvent | undefined;
}

export function attemptsOf(
  { journal, causeOf }: EachAlone,
  events: readonly StoredEvent[],
): Attempt[] {
  const caused = new Map(events.map((event) => [causeOf(event), event]));
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
      known = Math.max(known, ...revisionsIn(attempt.request, entry.answer));
    }
  }
  return [...attempts.values()];
}

function revisionsIn(request: BankRequest, answer: Answer): number[] {
  const { meta, error } = answer.body;
  const evidence = error?.details['evidence'] as { revision?: number } | undefined;
  const told = meta?.revision ?? -1;
  return [isForeseen(request, answer) ? told - 1 : told, evidence?.revision ?? -1];
}

/** Whether the revision told is that which an event would have got. */
export function isForeseen(request: BankRequest, { replayed, body }: Answer): boolean {
  return 'dryRun' in request && !replayed && body.meta?.revision !== undefined;
}
