// Which generations there are, how big they are, and what was done to them.
import { type Cause } from '../engine/changes.js';
import { type GenerationState } from '../engine/generations.js';
import { type ReadModels } from '../engine/queries.js';

export interface GenerationStatus {
  readonly generation: number;
  readonly state: GenerationState;
  /** Of the read models that its tables were made for. */
  readonly version: number;
  /** Where a rollback goes from here; null when it replaced none. */
  readonly replaced: number | null;
  /** The last event applied; null before the first. */
  readonly position: string | null;
  readonly events: number;
  /** On disk, indexes included. */
  readonly bytes: number;
}

export interface ChangeStatus extends Cause {
  readonly changedAt: string;
  readonly generation: number;
  readonly change: string;
}

/** Oldest first. Throws ReadModelsUnavailable. */
export async function generationStatuses(readModels: ReadModels): Promise<GenerationStatus[]> {
  type Row = Omit<GenerationStatus, 'events' | 'bytes'> & { events: string; bytes: string };
  const rows = await readModels.rows<Row>(
    `SELECT number AS generation, state, version, replaced, position, events,
       (SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
        WHERE relnamespace = to_regnamespace('rm_' || number) AND relkind = 'r') AS bytes
     FROM daybook.generation JOIN daybook.checkpoint ON generation = number ORDER BY number`,
    [],
  );
  return rows.map((row) => ({ ...row, events: Number(row.events), bytes: Number(row.bytes) }));
}

/** The latest first. Throws ReadModelsUnavailable. */
export async function latestChanges(
  readModels: ReadModels,
  limit: number,
): Promise<ChangeStatus[]> {
  type Row = Omit<ChangeStatus, 'changedAt'> & { changed_at: Date };
  const rows = await readModels.rows<Row>(
    `SELECT changed_at, generation, change, actor, reason
     FROM daybook.generation_change ORDER BY id DESC LIMIT $1`,
    [limit],
  );
  return rows.map(({ changed_at: at, ...row }) => ({ changedAt: at.toISOString(), ...row }));
}
