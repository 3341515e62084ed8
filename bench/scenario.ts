// What a benchmark compares: the same load on variants of one thing, and what is hoped of the outcome.

/** Accounts that each measured ledger has, besides the hot one. */
export const ACCOUNTS = 1_000;

export interface Variant {
  readonly name: string;
  /** API processes that the clients are spread over. */
  readonly processes: number;
  /** `spread`: over all accounts. `hot`: one account is a side of every transfer. */
  readonly accounts: 'spread' | 'hot';
}

export interface Scenario {
  /** As it is chosen on the command line. */
  readonly name: string;
  readonly question: string;
  /** The first one is what the others are compared with. */
  readonly variants: readonly Variant[];
  /** The least throughput hoped for, as a part of the first variant's. */
  readonly target: { readonly variant: string; readonly ratioMin: number };
}
