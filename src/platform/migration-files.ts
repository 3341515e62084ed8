// Which migrations this version of the code has, and where a database notes those it was given. Apart
// from migrations.ts so that whoever only compares the two does not load what applies them.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project-root.js';

const SUFFIX = '.sql';
export const MIGRATION_SCHEMA = 'migrations';
export const MIGRATION_TABLE = 'applied';
/** The names of the migrations that were applied, oldest first. */
export const APPLIED_MIGRATIONS = `SELECT name FROM ${MIGRATION_SCHEMA}.${MIGRATION_TABLE} ORDER BY name`;

export function migrationsFolder(): string {
  return join(projectRoot(), 'migrations');
}

/** The names of the migrations in a folder, without their suffix, in the order of their numbers. */
export async function migrationNames(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(SUFFIX));
  return files.map((file) => file.slice(0, -SUFFIX.length)).sort();
}
