// The envelope of every answer: `{ data, meta }` or `{ error, meta }`. Handlers return an Answer; what
// all answers have in common is added when it is written out, once, for successes and errors alike.
import { utcNow } from '../clock.js';

/** What an answer reflects, where it matters. Positions are decimal strings: they exceed JSON's numbers. */
export interface AnswerMeta {
  readonly revision?: number;
  readonly position?: string;
  /** The ledger is parked: nothing recorded from this time on is reflected. Absent as a rule. */
  readonly staleSince?: string;
  /** Of the account's entries up to there: docs/verification.md. */
  readonly digest?: string;
  /** Absent on the last page. */
  readonly nextCursor?: string;
  /** Nothing was recorded: it was only looked at what would be. */
  readonly dryRun?: true;
}

/** What a controller returns. */
export interface Answer<T> {
  readonly data: T;
  readonly meta?: AnswerMeta;
}

export interface ErrorAnswer {
  readonly error: {
    readonly code: string;
    readonly number: string;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
  readonly meta?: AnswerMeta;
}

/**
 * Completes an envelope with the request's id and the time, and with `dryRun` where nothing was recorded;
 * leaves anything else as it is.
 */
export function completed(
  payload: unknown,
  { id: requestId, isDryRun }: { readonly id: string; readonly isDryRun: boolean },
): unknown {
  if (!isEnvelope(payload)) return payload;
  const meta = {
    requestId,
    timestamp: utcNow(),
    ...payload.meta,
    ...(isDryRun && { dryRun: true }),
  };
  return { ...payload, meta };
}

function isEnvelope(payload: unknown): payload is Answer<unknown> | ErrorAnswer {
  return (
    typeof payload === 'object' && payload !== null && ('data' in payload || 'error' in payload)
  );
}
