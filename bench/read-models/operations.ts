// What benches of read models run, and wait for.
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool } from 'pg';

export const REBUILD = ['projections', 'rebuild', '--all'];
/** What rebuilds leave to go back to, of which only some are kept. */
export const DROP = ['projections', 'drop', '--retired'];
export const VERIFY = ['projections', 'verify', '--all'];
const POLL_MS = 100;

/** Until the live read models hold so many events. */
export async function applied(pool: Pool, events: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ events: string }>('SELECT events FROM reporting.freshness');
    if (Number(rows[0]?.events) >= events) return;
    await delay(POLL_MS);
  }
}
