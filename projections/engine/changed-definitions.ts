// Whether the views and functions of `reporting` are those that this code makes. Somebody may have replaced
// one by hand; queries would go on to answer from it.
import { type ClientBase, type Pool } from 'pg';
import { READ_MODELS_VERSION } from '../registry.js';
import { withConnection } from './connection.js';
import { type Generation, readGenerations, schemaOf } from './generations.js';
import { definitionsIn } from './reporting.js';

export interface ChangedDefinition {
  /** `view reporting.account`. */
  readonly name: string;
  readonly isMissing: boolean;
}

/** None when the live read models are of another version, or there are none. */
export function changedDefinitions(pool: Pool): Promise<ChangedDefinition[]> {
  return withConnection(pool, async (database) => {
    for (;;) {
      const live = await liveOfThisVersion(database);
      if (!live) return [];
      const definitions = await definitionsOf(database, live);
      // A swap makes all of them anew, and may have done so meanwhile.
      if ((await liveOfThisVersion(database))?.number === live.number) return changed(definitions);
    }
  });
}

async function liveOfThisVersion(database: ClientBase): Promise<Generation | undefined> {
  const live = (await readGenerations(database)).find(({ state }) => state === 'live');
  return live?.version === READ_MODELS_VERSION ? live : undefined;
}

interface Definition {
  readonly name: string;
  /** In `reporting`; otherwise as it is to be. */
  readonly isStored: boolean;
  readonly text: string;
}

// Postgres writes a definition in words of its own: those that are due are made in its schema for temporary
// things, read, and never committed.
async function definitionsOf(
  database: ClientBase,
  { number }: Generation,
): Promise<readonly Definition[]> {
  await database.query('BEGIN');
  try {
    // A function may call one that is missing.
    await database.query('SET LOCAL check_function_bodies = off');
    await database.query(definitionsIn('pg_temp', number, schemaOf(number)));
    const { rows } = await database.query<Definition>(DEFINITIONS);
    return rows;
  } finally {
    await database.query('ROLLBACK');
  }
}

const DEFINITIONS = `
  WITH place AS (
    SELECT oid, nspname, nspname = 'reporting' AS "isStored" FROM pg_namespace
    WHERE nspname = 'reporting' OR oid = pg_my_temp_schema()
  )
  SELECT 'view reporting.' || relname AS name, "isStored", pg_get_viewdef(pg_class.oid) AS text
  FROM pg_class JOIN place ON relnamespace = place.oid WHERE relkind = 'v'
  UNION ALL
  SELECT 'function reporting.' || proname, "isStored",
    regexp_replace(pg_get_functiondef(pg_proc.oid), '^[^(]*', '')
  FROM pg_proc JOIN place ON pronamespace = place.oid WHERE prokind = 'f'
  ORDER BY name`;

function changed(definitions: readonly Definition[]): ChangedDefinition[] {
  const stored = definitions.filter(({ isStored }) => isStored);
  return definitions.flatMap(({ name, isStored, text }) => {
    if (isStored) return [];
    const there = stored.filter((definition) => definition.name === name);
    // Of functions with one name and other parameters, a call may find any.
    const isRight = there.length > 0 && there.every((definition) => definition.text === text);
    return isRight ? [] : [{ name, isMissing: there.length === 0 }];
  });
}
