// What the bench asks of its client process, and what that says afterwards.

/** The RPC that appends go through: the client's own choice is `batch`, Daybook's is `unary`. */
export type AppendPath = 'unary' | 'batch';

export type Task =
  | {
      /** Appends of so many events, so many at a time, to so many streams in turn. */
      readonly kind: 'append';
      readonly path: AppendPath;
      readonly events: number;
      readonly inFlight: number;
      readonly streams: number;
      readonly seconds: number;
    }
  /** Reads so many events of `$all` from the start, again and again. */
  | { readonly kind: 'read all'; readonly events: number; readonly seconds: number }
  /** In turn: a unary append of one event, an empty unary call, a durable write of 1 kB. */
  | { readonly kind: 'one at a time'; readonly folder: string; readonly rounds: number }
  /** Appends one event at a time while a subscription to its stream is live. */
  | { readonly kind: 'live'; readonly rounds: number }
  /** Every byte of `$all` once, undecoded: as fast as the node can send it. */
  | { readonly kind: 'drain all' };

export interface TaskResult {
  readonly events: number;
  readonly seconds: number;
  /** Of this process. */
  readonly cpuMs: number;
  /** By what was timed; empty if nothing was. */
  readonly timesMs: Readonly<Record<string, readonly number[]>>;
}

/** What a task did; the rest is measured around it. */
export type Done = Pick<TaskResult, 'events'> & Partial<Pick<TaskResult, 'timesMs'>>;

export interface ClientFailed {
  readonly failed: string;
}
