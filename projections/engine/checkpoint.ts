// Up to where a generation has applied the log. It moves only together with the rows, and only from
// the value that its writer read: of two writers one finds it moved and has changed nothing.
import { type ClientBase } from 'pg';
import { type RecordedEvent } from '../../src/event-store/codec.js';

/** The last event applied, with enough of it to recognise the log it came from. */
export interface AppliedEvent {
  readonly position: bigint;
  readonly id: string;
  readonly hash: string;
  readonly ledger: string;
  readonly revision: number;
  readonly recordedAt: string;
}

export interface Checkpoint {
  readonly generation: number;
  readonly epoch: number;
  /** Undefined before the first event. */
  readonly last: AppliedEvent | undefined;
  /** Events applied in all. */
  readonly events: number;
}

/** Somebody else moved the checkpoint, or the generation was retired: nothing was written. */
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
  events: string;
}

/** Undefined when there is no such generation. */
export async function readCheckpoint(
  database: ClientBase,
  generation: number,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Checkpoint | undefined> {
  const { rows } = await database.query<CheckpointRow>(
    `SELECT epoch, position, event_id, event_hash, ledger, revision, recorded_at, events
     FROM daybook.checkpoint WHERE generation = $1 ${lock}`,
    [generation],
  );
  const row = rows[0];
  return (
    row && { generation, epoch: row.epoch, last: appliedEvent(row), events: Number(row.events) }
  );
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

/** The checkpoint after `count` more events, `recorded` being the last of them. */
export function advanced(
  checkpoint: Checkpoint,
  recorded: RecordedEvent,
  count: number,
): Checkpoint {
  const { position, id, metadata, ledger, revision, event } = recorded;
  const { hash } = metadata;
  const { recordedAt } = event.data;
  const last = { position, id, hash, ledger, revision, recordedAt };
  return { ...checkpoint, last, events: checkpoint.events + count };
}

/** Moves a checkpoint, and answers with one row; with none when it is not where the writer read it. */
export const ADVANCE_CHECKPOINT = `
  UPDATE daybook.checkpoint
  SET position = $4, event_id = $5, event_hash = $6, ledger = $7, revision = $8, recorded_at = $9,
    events = $10
  WHERE generation = $1 AND epoch = $2 AND position IS NOT DISTINCT FROM $3::bigint
  RETURNING generation`;

export function advanceParameters(from: Checkpoint, to: Checkpoint): unknown[] {
  const { last } = to;
  return [
    from.generation,
    from.epoch,
    from.last?.position.toString() ?? null,
    last?.position.toString(),
    last?.id,
    last?.hash,
    last?.ledger,
    last?.revision,
    last?.recordedAt,
    to.events,
  ];
}
