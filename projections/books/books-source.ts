// Where stored books come from, and whether they are still what the checkpoint says.
import { type ClientBase } from 'pg';
import { type Checkpoint, CheckpointMoved } from '../engine/checkpoint.js';
import { type EventPlace } from './booking.js';
import { type Books } from './touched.js';

/** Where books are fetched from and put. */
export interface BooksSource {
  readonly database: ClientBase;
  readonly schema: string;
  readonly books: Books;
  /** As it was written last: what is fetched must be as it was then. */
  readonly checkpoint: Checkpoint;
}

/** Throws CheckpointMoved. */
export function assertNotBehind({ generation, scanned }: Checkpoint, position: bigint): void {
  if (scanned !== undefined && position <= scanned.position) return;
  throw new CheckpointMoved(`generation ${generation} was written meanwhile`);
}

/** Where a row was last changed, as Postgres gives it. */
export interface PlaceColumns {
  revision: string;
  position: string;
  event_id: string;
}

export function eventPlace({ revision, position, event_id: eventId }: PlaceColumns): EventPlace {
  return { revision: Number(revision), position: BigInt(position), eventId };
}
