// What the bench asks of the process that makes the load, and what that says afterwards.

/** Which accounts transfers are between; everybody who is measured gets the same sequence of them. */
export interface Spread {
  readonly accounts: number;
  /** `zipf`: the n-th is chosen n times less often than the first. `hot`: one is in every transfer. */
  readonly choice: 'uniform' | 'zipf' | 'hot';
}

/** What one operation of a client is. */
export type Work =
  | { readonly kind: 'transfer' }
  | { readonly kind: 'batch'; readonly transfers: number; readonly atomic: boolean }
  /** A pending transfer, and its capture once it was acknowledged. */
  | { readonly kind: 'hold-and-capture' }
  /** A request that does nothing. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'question'; readonly question: Question };

export const QUESTIONS = ['account', 'statement', 'balance-at'] as const;
export type Question = (typeof QUESTIONS)[number];

export interface LoadTask {
  /** Connection n talks to the (n mod count)-th. */
  readonly urls: readonly string[];
  readonly token: string;
  /** Connection n asks the (n mod count)-th. */
  readonly ledgers: readonly string[];
  readonly work: Work;
  readonly spread: Spread;
  /** Each sends a request, waits for the answer, and sends the next one. */
  readonly connections: number;
  readonly seconds: number;
  /** Operations a second over all connections; as many as are answered when absent. */
  readonly rate?: number;
  /** Of the ids of transfers, where a ledger is written to more than once. */
  readonly idPrefix?: string;
  /** Transfers may be refused for want of funds. */
  readonly mayRefuse: boolean;
}

/** A transfer that was answered as posted, or as held and captured. */
export type Acknowledged = readonly [ledger: string, id: string, revision: number];

export interface LoadResult {
  readonly operations: number;
  readonly acknowledged: readonly Acknowledged[];
  readonly refused: number;
  /** Every other answer, counted by what it said. */
  readonly failures: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** How much of one core the load itself took. */
  readonly cores: number;
}

/** The load begins, and has ended; what it came to follows, in its own time. */
export type LoadMessage =
  | { readonly type: 'begins' }
  | { readonly type: 'ended' }
  | { readonly type: 'result'; readonly result: LoadResult };
