// An event on its way to a consumer, by reference: its bytes stay in the log until it is sent, so
// that whatever waits or is in flight costs little memory.

/** A place in a source, as checkpoints and statistics have it: "12", or "C:120/P:120" in $all. */
export type Place = string;

/** An event as its source gives it. */
export interface Arrival {
  /** Of the event itself, or of the link that led to it: consumers acknowledge by it. */
  id: string;
  place: Place;
  /** Where it lies in the log. */
  position: number;
  /** If it is a link to be followed: where the target lies, or that there is none. */
  target: number | 'gone' | undefined;
  /** What is pinned to one consumer together. */
  partition: string;
}

export interface Message {
  id: string;
  position: number;
  target: number | 'gone' | undefined;
  partition: string;
  retryCount: number;
  /** Of the progress through the source, or through the parked messages if it is replayed. */
  ticket: number;
  isReplayed: boolean;
}
