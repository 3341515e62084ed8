// What the bench asks of the process that makes the load, and what that says afterwards.

export interface LoadTask {
  /** Of the API processes; client n talks to the (n mod count)-th, over one connection of its own. */
  readonly apiUrls: readonly string[];
  readonly token: string;
  readonly ledger: string;
  /** Each transfer n takes its accounts from here; see `sidesOf`. */
  readonly addresses: readonly string[];
  /** A side of every transfer, when there is one. */
  readonly hotAddress: string | undefined;
  /** Each sends a transfer, waits for the answer, and sends the next one. */
  readonly clients: number;
  readonly seconds: number;
}

export interface LoadResult {
  /** Ids of the transfers that were answered as posted, and the revisions that the answers gave. */
  readonly acknowledged: readonly (readonly [id: string, revision: number])[];
  /** Every other answer, counted by what it said. */
  readonly failures: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** How much of one core the load itself took. */
  readonly cores: number;
}
