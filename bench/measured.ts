// One figure of the bench: what somebody came to in one round of one row of a scenario.

/** The round that nobody's result shows. */
export const WARM_UP = 0;

export interface Measured {
  readonly scenario: string;
  readonly row: string;
  /** A contender, or a ceiling. */
  readonly who: string;
  readonly round: number;
  /** What `perSecond` counts. */
  readonly unit: string;
  readonly perSecond: number;
  readonly latencyMs?: { readonly p50: number; readonly p99: number };
  /** Cores that each process took, that of the load included. */
  readonly cores?: Readonly<Record<string, number>>;
  /** What a transfer takes on the disk. */
  readonly bytes?: { readonly log: number; readonly postgres: number };
  /** From the last answer until the read models held it. */
  readonly behindMs?: number;
  /** Resident at most. */
  readonly memoryMb?: number;
  readonly refused?: number;
  /** The ceiling that bounds it, and how much of it was reached in the same round. */
  readonly ceiling?: { readonly name: string; readonly share: number };
  /** What was wrong with the answers or the books; empty when nothing was. */
  readonly problems: readonly string[];
}

export interface Extent {
  readonly rounds: number;
  /** Of load, for each run. */
  readonly seconds: number;
  /** Only what fits into two minutes. */
  readonly isQuick: boolean;
  /** How large a ledger grows, where that is asked. */
  readonly eventsMax: number;
  /** Of those that a row compares. */
  readonly contenders: readonly string[];
}
