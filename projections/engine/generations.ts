// Generations of read models: complete sets of tables, each in a schema of its own. One is live, and
// the views of the schema `reporting` show it; another may be building beside it.
import { type ClientBase, type Pool } from 'pg';
import { READ_MODELS, READ_MODELS_VERSION } from '../registry.js';
import { pointViewsAt } from './reporting.js';
import { createTables } from './table.js';

export const TABLES = READ_MODELS.flatMap(({ tables }) => tables);

export type GenerationState = 'building' | 'live' | 'retired';

export interface Generation {
  readonly number: number;
  readonly state: GenerationState;
  /** The version of the code's read models that made its tables. */
  readonly version: number;
}

/** Where the tables of a generation live. */
export function schemaOf(generation: number): string {
  return `rm_${generation}`;
}

/** Oldest first. */
export async function readGenerations(database: ClientBase | Pool): Promise<Generation[]> {
  const { rows } = await database.query<Generation>(
    'SELECT number, state, version FROM daybook.generation ORDER BY number',
  );
  return rows;
}

/** The live generation; a first, empty one is made when there is none. */
export async function liveGeneration(database: ClientBase): Promise<Generation> {
  const isLive = ({ state }: Generation) => state === 'live';
  const known = (await readGenerations(database)).find(isLive);
  if (known) return known;
  return inTransaction(database, async () => {
    await lockGenerations(database);
    const generations = await readGenerations(database);
    const made = generations.find(isLive);
    if (made) return made;
    const first = await insertGeneration(database, 'live', generations);
    await pointViewsAt(database, first.number, schemaOf(first.number));
    return first;
  });
}

/** A new, empty generation beside the live one; what an interrupted build left behind is dropped. */
export async function beginGeneration(database: ClientBase): Promise<Generation> {
  await dropGenerations(database, 'building');
  return inTransaction(database, async () => {
    await lockGenerations(database);
    return insertGeneration(database, 'building', await readGenerations(database));
  });
}

/** Drops every generation in this state, tables and all. */
export async function dropGenerations(
  database: ClientBase,
  state: 'building' | 'retired',
): Promise<void> {
  for (const generation of await readGenerations(database)) {
    if (generation.state !== state) continue;
    await inTransaction(database, async () => {
      await database.query(`DROP SCHEMA IF EXISTS ${schemaOf(generation.number)} CASCADE`);
      await database.query('DELETE FROM daybook.generation WHERE number = $1', [generation.number]);
    });
  }
}

/** Makes `next` the live one, and retires the one that was. In the caller's transaction. */
export async function makeLive(
  database: ClientBase,
  { previous, next }: { previous: number; next: number },
): Promise<void> {
  await database.query('UPDATE daybook.checkpoint SET epoch = epoch + 1 WHERE generation = $1', [
    previous,
  ]);
  const setState = 'UPDATE daybook.generation SET state = $2 WHERE number = $1';
  await database.query(setState, [previous, 'retired']);
  await database.query(setState, [next, 'live']);
  await pointViewsAt(database, next, schemaOf(next));
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

async function insertGeneration(
  database: ClientBase,
  state: GenerationState,
  existing: readonly Generation[],
): Promise<Generation> {
  const number = 1 + Math.max(0, ...existing.map((generation) => generation.number));
  const generation = { number, state, version: READ_MODELS_VERSION };
  await database.query(
    'INSERT INTO daybook.generation (number, state, version) VALUES ($1, $2, $3)',
    [number, state, READ_MODELS_VERSION],
  );
  await database.query('INSERT INTO daybook.checkpoint (generation) VALUES ($1)', [number]);
  const schema = schemaOf(number);
  await database.query(`CREATE SCHEMA ${schema}`);
  for (const statement of createTables(schema, TABLES)) await database.query(statement);
  return generation;
}
