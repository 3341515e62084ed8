import { type Asset, type LedgerRules } from '../../src/domain/ledger/events.js';
import { type ReadModels, utc } from '../engine/queries.js';

export interface LedgerRow {
  readonly id: string;
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly rules: LedgerRules;
  /** The last day that is closed, `2026-06-30`; null when none is. */
  readonly closedThrough: string | null;
  readonly openedAt: string;
  /** Of the ledger's last event applied. */
  readonly revision: number;
}

export interface LedgersQuestion {
  /** Ids of ledgers; undefined is every ledger. */
  readonly among: readonly string[] | undefined;
  readonly afterId: string | undefined;
  readonly limit: number;
}

export interface LedgersAnswer {
  /** Undefined before the first event. */
  readonly position: string | undefined;
  readonly rows: readonly LedgerRow[];
}

const LEDGER = `ledger AS id, name, assets, rules, closed_through AS "closedThrough",
  ${utc('opened_at')} AS "openedAt", revision`;

/** In the order of their ids. */
export async function listLedgers(
  readModels: ReadModels,
  { among, afterId, limit }: LedgersQuestion,
): Promise<LedgersAnswer> {
  const [answer] = await readModels.rows<{ position: string | null; rows: LedgerRow[] }>(
    `SELECT position, (
       SELECT coalesce(json_agg(found), '[]') FROM (
         SELECT ${LEDGER} FROM reporting.ledger
         WHERE ($1::text[] IS NULL OR ledger = ANY($1)) AND ($2::text IS NULL OR ledger > $2)
         ORDER BY ledger LIMIT $3
       ) AS found
     ) AS rows FROM reporting.freshness`,
    [among ?? null, afterId ?? null, limit],
  );
  return { position: answer?.position ?? undefined, rows: answer?.rows ?? [] };
}

/** Up to which revision each of these ledgers is applied; those that are not there are left out. */
export async function revisionsOf(
  readModels: ReadModels,
  ledgers: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await readModels.rows<{ ledger: string; revision: string }>(
    'SELECT ledger, revision FROM reporting.ledger WHERE ledger = ANY($1)',
    [ledgers],
  );
  return new Map(rows.map(({ ledger, revision }) => [ledger, Number(revision)]));
}

/** The question for `askLedger`; its one row is a LedgerRow. */
export const ONE_LEDGER = {
  sql: `SELECT ${LEDGER} FROM reporting.ledger WHERE ledger = $1`,
  values: [],
};
