// Takes parked lanes up again, each from its own stream and at the very event that parked it. The active
// projector does this between two batches: nothing else is applied meanwhile, so that the lane has what
// the others have when it goes on with them.
import { type ClientBase } from 'pg';
import { type EventStore, type StoredEvent } from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { Applier } from './applier.js';
import { CheckpointMoved, readCheckpoint } from './checkpoint.js';
import { schemaOf } from './generations.js';
import { readParkedLanes } from './lanes.js';

/** Applied in one statement. */
const BATCH_EVENTS = 500;
/** Of one lane at a time; then the others have their turn before it goes on. */
const EVENTS_MAX = 10_000;

export interface RetryOptions {
  readonly store: EventStore;
  readonly database: ClientBase;
  readonly generation: number;
  /** Under which the generation was taken over. */
  readonly epoch: number;
  readonly signal: AbortSignal;
}

/**
 * Applies what a parked ledger is missing, up to where the log was looked at. Ends with the lane resumed,
 * parked again, or, after EVENTS_MAX, still to be gone on with. Throws CheckpointMoved,
 * EventStoreUnavailable, or what Postgres says.
 */
export async function retryLane(options: RetryOptions, lane: string): Promise<void> {
  const { store, database, generation, epoch, signal } = options;
  const checkpoint = await readCheckpoint(database, generation);
  if (checkpoint?.epoch !== epoch) throw new CheckpointMoved(`${lane} is another projector's now`);
  const parked = await readParkedLanes(database, generation);
  parked.delete(lane);
  const applier = new Applier({ database, checkpoint, parked });
  const from = (await lastApplied(database, generation, lane)) + 1;
  const looked = checkpoint.scanned?.position ?? -1n;
  let batch: StoredEvent[] = [];
  let read = 0;
  for await (const event of store.readStream(ledgerStream(lane), { from, limit: EVENTS_MAX })) {
    if (signal.aborted) return;
    if (event.position > looked) break;
    read += 1;
    batch.push(event);
    if (batch.length < BATCH_EVENTS) continue;
    await applier.apply(batch);
    batch = [];
    if (applier.isParked(lane)) return;
  }
  await applier.apply(batch);
  if (!applier.isParked(lane) && read < EVENTS_MAX) await applier.resume(lane);
}

/** The revision of the ledger's last event applied; -1 when there is none. */
async function lastApplied(
  database: ClientBase,
  generation: number,
  ledger: string,
): Promise<number> {
  const { rows } = await database.query<{ revision: string }>(
    `SELECT revision FROM ${schemaOf(generation)}.ledger WHERE ledger = $1`,
    [ledger],
  );
  return Number(rows[0]?.revision ?? -1);
}
