// For whatever wakes the writers of ledgers that nobody uses: their pending transfers expire too.
import { type Pool } from 'pg';
import { readModelsIn } from '../../projections/engine/queries.js';
import { overdueLedgers } from '../../projections/transfer/queries.js';

/**
 * Asks for the ids of the ledgers in which something pending should have expired by now; what expired
 * may be named until the read models follow. It throws ReadModelsUnavailable.
 */
export function overdueLedgersIn(pool: Pool): () => Promise<readonly string[]> {
  const readModels = readModelsIn(pool);
  return () => overdueLedgers(readModels, new Date());
}
