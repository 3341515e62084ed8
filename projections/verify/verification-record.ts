// What verifying everything came to, in the background or by hand, kept for whoever asks.
import { type Pool } from 'pg';
import { type Finding, type Findings } from './finding.js';

/** What was verified: every row of a generation. */
export interface WholeVerified {
  readonly generation: number;
  /** Of the last event applied by then; null before the first. */
  readonly position: string | null;
  readonly findings: Findings;
}

/** A generation that is gone by now has nothing recorded. */
export async function recordVerification(
  pool: Pool,
  { generation, position, findings }: WholeVerified,
): Promise<void> {
  await pool.query(
    `INSERT INTO daybook.verification
       (generation, verified_position, verified_at, ended_at, finding_count, findings)
     SELECT number, $2::bigint, CASE WHEN $2::bigint IS NOT NULL THEN now() END, now(), $3, $4
     FROM daybook.generation WHERE number = $1
     ON CONFLICT (generation) DO UPDATE SET
       verified_position = coalesce(EXCLUDED.verified_position, verification.verified_position),
       verified_at = coalesce(EXCLUDED.verified_at, verification.verified_at),
       ended_at = EXCLUDED.ended_at,
       finding_count = EXCLUDED.finding_count, findings = EXCLUDED.findings`,
    [
      generation,
      // What has findings is not verified.
      findings.count === 0 ? position : null,
      findings.count,
      JSON.stringify(findings.told),
    ],
  );
}

export interface Verification {
  readonly verifiedPosition: string | null;
  readonly verifiedAt: string | null;
  readonly endedAt: string;
  readonly findingCount: number;
  readonly findings: readonly Finding[];
}

/** Of the live generation; undefined before the first time. */
export async function lastVerification(pool: Pool): Promise<Verification | undefined> {
  const { rows } = await pool.query<{
    verified_position: string | null;
    verified_at: Date | null;
    ended_at: Date;
    finding_count: number;
    findings: Finding[];
  }>(
    `SELECT verified_position, verified_at, ended_at, finding_count, findings
     FROM daybook.verification JOIN daybook.generation ON number = generation WHERE state = 'live'`,
  );
  const [row] = rows;
  return (
    row && {
      verifiedPosition: row.verified_position,
      verifiedAt: row.verified_at?.toISOString() ?? null,
      endedAt: row.ended_at.toISOString(),
      findingCount: row.finding_count,
      findings: row.findings,
    }
  );
}
