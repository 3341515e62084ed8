// What is on the disk.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Pool } from 'pg';

const BLOCK_BYTES = 512;

/** What the files of a folder take; files may be sparse. */
export function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.blocks * BLOCK_BYTES : 0), 0);
}

/** Tables and indexes of the database that the pool is connected to. */
export async function databaseBytes(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    'SELECT pg_database_size(current_database()) AS bytes',
  );
  return Number(rows[0]?.bytes);
}
