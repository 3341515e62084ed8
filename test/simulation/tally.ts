// What a run came to, in figures: so much was asked, answered, lost and killed.
import { type Journal } from './journal.js';

export interface Tally {
  /** Requests sent, those sent again included. */
  readonly attempts: number;
  readonly lost: number;
  /** Answers by status and, unless it is a success, code, such as "422 INSUFFICIENT_FUNDS". */
  readonly answers: Readonly<Record<string, number>>;
  /** Attempts by kind of request that were answered with a success. */
  readonly successes: Readonly<Record<string, number>>;
  /** Answers that came with `Idempotency-Replayed`. */
  readonly replayed: number;
}

export function tallyOf(journal: Journal): Tally {
  const answers = new Map<string, number>();
  const successes = new Map<string, number>();
  const kinds = new Map<string, string>();
  let [lost, replayed] = [0, 0];
  for (const entry of journal) {
    if (entry.what === 'sent') kinds.set(entry.requestId, entry.request.kind);
    if (entry.what === 'lost') lost += 1;
    if (entry.what !== 'answered') continue;
    const { status, body } = entry.answer;
    count(answers, [status, body.error?.code].filter(Boolean).join(' '));
    if (status < 300) count(successes, kinds.get(entry.requestId) ?? '');
    if (entry.answer.replayed) replayed += 1;
  }
  return {
    attempts: kinds.size,
    ...{ lost, replayed },
    answers: sorted(answers),
    successes: sorted(successes),
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => a.localeCompare(b)));
}
