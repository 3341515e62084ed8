// Asks the read models while something is done to them.
import { type Pool } from 'pg';

/** Where the read models were when they were asked. */
export interface Answer {
  generation: number;
  position: bigint;
  revision: number;
}

/** With three clients, about 200 queries a second when the machine is quiet. */
export const QUERY_INTERVAL_MS = 15;
/** Two as the API asks, and one as analysts may. */
export const QUERIES = [
  'reporting.ledger, reporting.freshness',
  'reporting.ledger JOIN reporting.account USING (ledger), reporting.freshness',
  'reporting.entry JOIN reporting.account USING (ledger) JOIN reporting.ledger USING (ledger), reporting.freshness',
];

/** @param from one of QUERIES. */
export async function answered(pool: Pool, from = ''): Promise<Answer> {
  const { rows } = await pool.query<{ generation: number; position: string; revision: string }>(
    `SELECT freshness.generation, freshness.position, ledger.revision FROM ${from} LIMIT 1`,
  );
  const [row] = rows;
  if (!row) return { generation: 0, position: 0n, revision: -1 };
  const { generation, position, revision } = row;
  return { generation, position: BigInt(position), revision: Number(revision) };
}
