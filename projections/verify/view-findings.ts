import { type Pool } from 'pg';
import { changedDefinitions } from '../engine/changed-definitions.js';
import { type Finding } from './finding.js';

/** Views and functions of `reporting` that somebody replaced. Throws what Postgres says. */
export async function viewFindings(pool: Pool): Promise<Finding[]> {
  const place = { ledger: null, revision: null, eventId: null, account: null, key: null };
  return (await changedDefinitions(pool)).map(({ name, isMissing }) => ({
    ...{ check: 'views', ...place, table: name, what: 'definition' },
    expected: 'that of this version, which "daybook projections rebuild --all" makes anew',
    found: isMissing ? 'none' : 'another one',
  }));
}
