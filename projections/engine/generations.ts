// Generations of read models: complete sets of tables, each in a schema of its own. One is live, and
// the views of the schema `reporting` show it; another may be building beside it.
import { type ClientBase, type Pool } from 'pg';
import { READ_MODELS, READ_MODELS_VERSION } from '../registry.js';
import { type Cause, recordChange } from './changes.js';
import { pointViewsAt } from './reporting.js';
import { createTables } from './table.js';

export const TABLES = READ_MODELS.flatMap(({ tables }) => tables);

export type GenerationState = 'building' | 'live' | 'retired';

export interface Generation {
  readonly number: number;
  readonly state: GenerationState;
  /** The version of the code's read models that made its tables. */
  readonly version: number;
  /** The generation whose place it took when it last became the live one. */
  readonly replaced: number | null;
  /** Nobody fills it for as long as this is set. */
  readonly pause: Pause | null;
}

export interface Pause extends Cause {
  readonly since: string;
}

interface GenerationRow extends Omit<Generation, 'pause'> {
  paused_at: Date | null;
  paused_by: string;
  pause_reason: string;
}

/** There is no generation of which this could be asked. */
export class NoSuchGeneration extends Error {
  override readonly name = 'NoSuchGeneration';
}

/** Where the tables of a generation live. */
export function schemaOf(generation: number): string {
  return `rm_${generation}`;
}

/** Oldest first. */
export async function readGenerations(database: ClientBase | Pool): Promise<Generation[]> {
  const { rows } = await database.query<GenerationRow>(
    `SELECT number, state, version, replaced, paused_at, paused_by, pause_reason
     FROM daybook.generation ORDER BY number`,
  );
  return rows.map(({ paused_at: at, paused_by: actor, pause_reason: reason, ...row }) => ({
    ...row,
    pause: at && { since: at.toISOString(), actor, reason },
  }));
}

/** Throws NoSuchGeneration. */
export async function generationOf(database: ClientBase, number: number): Promise<Generation> {
  const generations = await readGenerations(database);
  const found = generations.find((generation) => generation.number === number);
  if (found) return found;
  const known = generations.map((generation) => generation.number).join(', ') || 'none';
  throw new NoSuchGeneration(`There is no generation ${number}; there are: ${known}.`);
}

/** The live generation; a first, empty one is made when there is none. */
export async function liveGeneration(database: ClientBase): Promise<Generation> {
  const isLive = ({ state }: Generation) => state === 'live';
  const known = (await readGenerations(database)).find(isLive);
  if (known) return known;
  return inTransaction(database, async () => {
    await lockGenerations(database);
    const made = (await readGenerations(database)).find(isLive);
    if (made) return made;
    const first = await insertGeneration(database, 'live');
    await recordChange(database, first.number, 'begun', FIRST);
    await recordChange(database, first.number, 'made live', FIRST);
    await pointViewsAt(database, first.number, schemaOf(first.number));
    return first;
  });
}

const FIRST: Cause = { actor: 'projector', reason: 'there was none' };

/** A new, empty generation beside the live one. */
export async function beginGeneration(database: ClientBase, cause: Cause): Promise<Generation> {
  return inTransaction(database, async () => {
    await lockGenerations(database);
    const begun = await insertGeneration(database, 'building');
    await recordChange(database, begun.number, 'begun', cause);
    return begun;
  });
}

/**
 * Lets Postgres look at what is in the tables. It would by itself, but within a minute or so: queries are
 * planned as for empty tables until then.
 */
export async function analyzeTables(database: ClientBase, generation: number): Promise<void> {
  const schema = schemaOf(generation);
  await database.query(`ANALYZE ${TABLES.map(({ name }) => `${schema}.${name}`).join(', ')}`);
}

/** Makes `next` the live one, and retires the one that was. In the caller's transaction. */
export async function makeLive(
  database: ClientBase,
  { previous, next, cause }: { previous: number; next: number; cause: Cause },
): Promise<void> {
  await disown(database, previous);
  await database.query(`UPDATE daybook.generation SET state = 'retired' WHERE number = $1`, [
    previous,
  ]);
  await database.query(
    `UPDATE daybook.generation SET state = 'live', replaced = $2 WHERE number = $1`,
    [next, previous],
  );
  await recordChange(database, next, 'made live', cause);
  await pointViewsAt(database, next, schemaOf(next));
}

/** Whoever is writing to it finds that the checkpoint is no longer theirs to move. */
export async function disown(database: ClientBase, generation: number): Promise<void> {
  await database.query('UPDATE daybook.checkpoint SET epoch = epoch + 1 WHERE generation = $1', [
    generation,
  ]);
}

export async function inTransaction<T>(database: ClientBase, work: () => Promise<T>): Promise<T> {
  await database.query('BEGIN');
  try {
    const result = await work();
    await database.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that is lost has rolled back by itself.
    await database.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function lockGenerations(database: ClientBase): Promise<void> {
  await database.query('LOCK TABLE daybook.generation IN SHARE ROW EXCLUSIVE MODE');
}

async function insertGeneration(database: ClientBase, state: GenerationState): Promise<Generation> {
  const number = await unusedNumber(database);
  const version = READ_MODELS_VERSION;
  await database.query(
    'INSERT INTO daybook.generation (number, state, version) VALUES ($1, $2, $3)',
    [number, state, version],
  );
  await database.query('INSERT INTO daybook.checkpoint (generation) VALUES ($1)', [number]);
  const schema = schemaOf(number);
  await database.query(`CREATE SCHEMA ${schema}`);
  for (const statement of createTables(schema, TABLES)) await database.query(statement);
  return { number, state, version, replaced: null, pause: null };
}

// Never the number of one that is gone: somebody may still be about to write to that.
async function unusedNumber(database: ClientBase): Promise<number> {
  const { rows } = await database.query<{ unused: number }>(
    `SELECT 1 + greatest(0, (SELECT max(number) FROM daybook.generation),
       (SELECT max(generation) FROM daybook.generation_change)) AS unused`,
  );
  return rows[0]?.unused ?? 1;
}
