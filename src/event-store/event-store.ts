// The port to the event log: what the rest of Daybook may ask of an event store, and what it may rely
// on. Revisions count the events of one stream from 0; positions order all events of the log.

/** A place in the whole log; strictly increasing, not dense. */
export type Position = bigint;

/** The expected revision of a stream that has no events yet. */
export const NO_STREAM = -1;

/** JSON objects only: amounts inside are strings, never numbers. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface NewEvent {
  /** UUID. Sending the same ids again at the same expected revision never stores them twice. */
  readonly id: string;
  /** The name under which it is stored for ever. */
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  /** Both of them as JSON, where that is at hand: it is then stored as it is, and not written again. */
  readonly json?: { readonly data: string; readonly metadata: string };
}

export interface StoredEvent extends Omit<NewEvent, 'json'> {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** When the store took it, by the store's clock. */
  readonly created: Date;
}

export type AppendResult =
  /** Durable. `revision` and `position` are those of the last event. */
  | { readonly kind: 'appended'; readonly revision: number; readonly position: Position }
  /** Nothing was stored: the stream is not at the expected revision. */
  | { readonly kind: 'conflict' };

/** In a subscription: everything that was in the log when it began has been delivered. May come again. */
export interface CaughtUp {
  readonly kind: 'caught-up';
}

/** A place in the log, with the id of the event there, by which the log is recognised. */
export interface EventAt {
  readonly position: Position;
  readonly id: string;
}

/**
 * In a subscription: everything up to this event, one of another stream, has been looked at. Going on
 * after it spares looking again.
 */
export interface Scanned extends EventAt {
  readonly kind: 'scanned';
}

export type SubscriptionMessage = StoredEvent | CaughtUp | Scanned;

export interface EventStore {
  /**
   * Appends all events or none at exactly `expectedRevision` (NO_STREAM for a new stream).
   * Throws AppendOutcomeUnknown when there is no typed answer: the events, or a part of them, may have
   * been stored all the same. Throws AppendRejected when the store will never take them.
   */
  append(
    stream: string,
    expectedRevision: number,
    events: readonly NewEvent[],
  ): Promise<AppendResult>;

  /**
   * The events of a stream in order, from revision `from` on (or back from it, it included). A stream
   * that does not exist has none. Throws EventStoreUnavailable, also in the middle.
   */
  readStream(stream: string, options: ReadStreamOptions): AsyncIterable<StoredEvent>;

  /**
   * All events of streams with this prefix after `after` (all of them when undefined), in the order of the
   * log, then new ones as they come. Reconnects by itself with backoff and goes on after the last event
   * delivered; ends only with the signal. Takes from the store no faster than it is read. Throws LogChanged
   * when the log does not hold `after`, or on coming back the last event delivered; EventStoreUnavailable
   * when the store says that the log is damaged.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage>;

  /** The id of the event at exactly this place, if there is one. Throws EventStoreUnavailable. */
  idAt(position: Position): Promise<string | undefined>;

  /** The last event of the log, of whatever stream, if there is one. Throws EventStoreUnavailable. */
  lastEvent(): Promise<StoredEvent | undefined>;

  /** Whether the store answers, for readiness checks. */
  isReachable(): Promise<boolean>;

  /** Ends what is still being read. */
  close(): Promise<void>;
}

export interface ReadStreamOptions {
  /** `'end'`: back from the last event; only backwards. */
  readonly from: number | 'end';
  readonly direction?: 'forwards' | 'backwards';
  /** At most so many events; all when absent. */
  readonly limit?: number;
}

export interface SubscribeOptions {
  readonly streamPrefix: string;
  /** An event of these streams, which the log has to hold. */
  readonly after: EventAt | undefined;
  /** Looked at already, if the log holds it: events of other streams may be cleared away. */
  readonly scanned?: EventAt | undefined;
  readonly signal: AbortSignal;
}

/** The store cannot be reached or does not answer; nothing was changed by this call. Try again later. */
export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';
}

/** The log does not hold an event that it was known to hold: it is another one, or an older copy. */
export class LogChanged extends Error {
  override readonly name = 'LogChanged';
}

/** An append got no typed answer; ask again with the same events until the answer is known. */
export class AppendOutcomeUnknown extends Error {
  override readonly name = 'AppendOutcomeUnknown';
}

/** The store refuses these events for good (too large, access denied, stream deleted). */
export class AppendRejected extends Error {
  override readonly name = 'AppendRejected';
}
