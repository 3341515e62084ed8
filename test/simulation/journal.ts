// What the clients of the bank remember: each request as it was sent, and what came back, in the order in
// which it happened. A request that is sent again is a new attempt, with a request id of its own.
import { type BankRequest } from './requests.js';

export interface AnswerBody {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly error?: {
    readonly code: string;
    readonly number: string;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
  readonly meta?: { readonly revision?: number };
}

export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
  /** Whether it came with `Idempotency-Replayed: true`. */
  readonly replayed: boolean;
  readonly etag: string | null;
}

export type JournalEntry =
  | { readonly what: 'sent'; readonly requestId: string; readonly request: BankRequest }
  | { readonly what: 'answered'; readonly requestId: string; readonly answer: Answer }
  /** No answer came: the connection was cut, or the client waited no longer. */
  | { readonly what: 'lost'; readonly requestId: string; readonly reason: string };

export type Journal = readonly JournalEntry[];
