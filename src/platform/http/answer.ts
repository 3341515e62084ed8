// The envelope of every answer: `{ data, meta }` or `{ error, meta }`. Handlers return an Answer; what
// all answers have in common is added when it is written out, once, for successes and errors alike.
import { utcNow } from '../clock.js';

/** What an answer reflects, where it matters. Positions are decimal strings: they exceed JSON's numbers. */
export interface AnswerMeta {
  readonly revision?: number;
  readonly position?: string;
  /** Absent on the last page. */
  readonly nextCursor?: string;
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

/** Completes an envelope with the request's id and the time; leaves anything else as it is. */
export function completed(payload: unknown, requestId: string): unknown {
  if (!isEnvelope(payload)) return payload;
  return { ...payload, meta: { requestId, timestamp: utcNow(), ...payload.meta } };
}

function isEnvelope(payload: unknown): payload is Answer<unknown> | ErrorAnswer {
  return (
    typeof payload === 'object' && payload !== null && ('data' in payload || 'error' in payload)
  );
}
