// Up to where a generation has applied the log. It moves only together with the rows, and only from
// the value that its writer read: of two writers one finds it moved and has changed nothing.
import { type ClientBase } from 'pg';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type EventAt } from '../../src/event-store/event-store.js';

/** The last event applied, with enough of it to recognise the log it came from. */
export interface AppliedEvent extends EventAt {
  readonly hash: string;
  readonly ledger: string;
  readonly revision: number;
  readonly recordedAt: string;
}

export interface Checkpoint {
  readonly generation: number;
  /** Raised by whoever takes the generation over: whoever wrote it before then changes nothing more. */
  readonly epoch: number;
  /** Undefined before the first event. */
  readonly last: AppliedEvent | undefined;
  /** Up to where the log was looked at: `last`, or an event behind it that leads to no rows. */
  readonly scanned: EventAt | undefined;
  /** The first event of the log, of any ledger, which tells it from other logs. Undefined before it. */
  readonly log: EventAt | undefined;
  /** Events applied in all. */
  readonly events: number;
}

/** Somebody else moved the checkpoint or took over, or the generation is gone: nothing was written. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';
}

interface CheckpointRow {
  epoch: number;
  position: string | null;
  event_id: string;
  event_hash: string;
  ledger: string;
  revision: string;
  recorded_at: Date;
  scanned_position: string | null;
  scanned_event_id: string;
  log_position: string | null;
  log_event_id: string;
  events: string;
}

/** Undefined when there is no such generation. */
export async function readCheckpoint(
  database: ClientBase,
  generation: number,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Checkpoint | undefined> {
  const { rows } = await database.query<CheckpointRow>(
    `SELECT epoch, position, event_id, event_hash, ledger, revision, recorded_at,
       scanned_position, scanned_event_id, log_position, log_event_id, events
     FROM daybook.checkpoint WHERE generation = $1 ${lock}`,
    [generation],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { epoch, events } = row;
  return {
    ...{ generation, epoch, events: Number(events) },
    last: appliedEvent(row),
    scanned: eventAt(row.scanned_position, row.scanned_event_id),
    log: eventAt(row.log_position, row.log_event_id),
  };
}

/** A place as it is stored; the id says nothing without the position. */
export function eventAt(position: string | null, id: string): EventAt | undefined {
  return position === null ? undefined : { position: BigInt(position), id };
}

/** Takes a generation over, and answers with the epoch to write it under. Throws CheckpointMoved. */
export async function takeOver(database: ClientBase, generation: number): Promise<number> {
  const { rows } = await database.query<{ epoch: number }>(
    'UPDATE daybook.checkpoint SET epoch = epoch + 1 WHERE generation = $1 RETURNING epoch',
    [generation],
  );
  if (!rows[0]) throw new CheckpointMoved(`generation ${generation} is gone`);
  return rows[0].epoch;
}

function appliedEvent(row: CheckpointRow): AppliedEvent | undefined {
  if (row.position === null) return undefined;
  return {
    position: BigInt(row.position),
    id: row.event_id,
    hash: row.event_hash,
    ledger: row.ledger,
    revision: Number(row.revision),
    recordedAt: row.recorded_at.toISOString(),
  };
}

/** The checkpoint after one more event. Of a lane that was parked, it may be one before the last. */
export function advanced(checkpoint: Checkpoint, recorded: RecordedEvent): Checkpoint {
  const events = checkpoint.events + 1;
  const { position, id, metadata, ledger, revision, event } = recorded;
  if (checkpoint.last && checkpoint.last.position > position) return { ...checkpoint, events };
  const { hash } = metadata;
  const { recordedAt } = event.data;
  const last = { position, id, hash, ledger, revision, recordedAt };
  return lookedUpTo({ ...checkpoint, last, events }, last);
}

/** The checkpoint with the log's first event, when this is it. */
export function beganWith(checkpoint: Checkpoint, { position, id }: EventAt): Checkpoint {
  const isFirst = !checkpoint.log && !checkpoint.last;
  return isFirst ? { ...checkpoint, log: { position, id } } : checkpoint;
}

/** The checkpoint after everything up to an event was looked at; it never goes back. */
export function lookedUpTo(checkpoint: Checkpoint, { position, id }: EventAt): Checkpoint {
  const { scanned } = checkpoint;
  return scanned && scanned.position >= position
    ? checkpoint
    : { ...checkpoint, scanned: { position, id } };
}

/**
 * Moves a checkpoint, and answers with one row; with none when it is not as the writer read it. Every
 * event applied counts, so that the count tells two of them apart at the same place.
 */
export const ADVANCE_CHECKPOINT = `
  UPDATE daybook.checkpoint
  SET position = $5, event_id = $6, event_hash = $7, ledger = $8, revision = $9, recorded_at = $10,
    scanned_position = $11, scanned_event_id = $12, events = $13,
    log_position = $14, log_event_id = $15,
    applied_at = CASE WHEN events < $13 THEN clock_timestamp() ELSE applied_at END
  WHERE generation = $1 AND epoch = $2 AND events = $3
    AND scanned_position IS NOT DISTINCT FROM $4::bigint
  RETURNING generation`;

/** How many parameters the statement above has. */
export const ADVANCE_PARAMETERS = 15;

export function advanceParameters(from: Checkpoint, to: Checkpoint): unknown[] {
  const { last, scanned, events, log } = to;
  return [
    from.generation,
    from.epoch,
    from.events,
    from.scanned?.position.toString(),
    last?.position.toString(),
    last?.id,
    last?.hash,
    last?.ledger,
    last?.revision,
    last?.recordedAt,
    scanned?.position.toString(),
    scanned?.id,
    events,
    log?.position.toString(),
    log?.id,
  ];
}
