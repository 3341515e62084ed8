// How read models are asked: through the views of `reporting` only, one statement per question. One
// statement sees one snapshot, so that rows and what they reflect always belong together.
import { DatabaseError, type Pool } from 'pg';
import { READ_MODELS_VERSION } from '../registry.js';

/** Postgres does not answer, or the read models are not there yet. Worth trying again. */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
}

export interface ReadModels {
  /** Throws ReadModelsUnavailable. */
  rows<Row>(sql: string, values: readonly unknown[]): Promise<Row[]>;
}

export function readModelsIn(pool: Pool): ReadModels {
  return {
    async rows<Row>(sql: string, values: readonly unknown[]): Promise<Row[]> {
      try {
        const { rows } = await pool.query<Row & object>(sql, [...values]);
        return rows;
      } catch (error) {
        if (!isOurFault(error) || (await isOfOtherVersion(pool, error))) throw unavailable(error);
        throw error;
      }
    },
  };
}

/** Of a column or a function that is not there. */
const UNKNOWN_NAME = new Set(['42703', '42883']);

// What this code asks for may be missing until the read models of its version have been built.
async function isOfOtherVersion(pool: Pool, error: unknown): Promise<boolean> {
  if (!UNKNOWN_NAME.has(error instanceof DatabaseError ? (error.code ?? '') : '')) return false;
  const { rows } = await pool.query<{ version: number }>(
    `SELECT version FROM daybook.generation WHERE state = 'live'`,
  );
  return rows[0]?.version !== READ_MODELS_VERSION;
}

/** Classes of SQLSTATE that say the statement is wrong, whatever the state of the server. */
const OUR_FAULT = /^(22|23|42)/;
/** No projector has made the first generation yet. */
const NOT_MADE_YET = new Set(['42P01', '3F000']);

function isOurFault(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  const code = error.code ?? '';
  return OUR_FAULT.test(code) && !NOT_MADE_YET.has(code);
}

function unavailable(cause: unknown): ReadModelsUnavailable {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ReadModelsUnavailable(`The read models cannot be asked: ${reason}`, { cause });
}

/** What an answer reflects: every event of the ledger up to `revision`, of the log up to `position`. */
export interface Reflected {
  readonly revision: number;
  /** A decimal string: positions exceed JSON's numbers. */
  readonly position: string;
}

export interface LedgerAnswer<Row> extends Reflected {
  /** Null unless the ledger is parked: then nothing recorded from that time on is reflected. */
  readonly staleSince: string | null;
  readonly rows: readonly Row[];
}

/** A question about one ledger, whose id is `$1`. */
export interface LedgerQuestion {
  /** A SELECT whose columns have the names of the answer's fields. */
  readonly sql: string;
  /** Of `$2` and so on. */
  readonly values: readonly unknown[];
}

interface AskedRow<Row> extends Omit<LedgerAnswer<Row>, 'revision'> {
  revision: string;
}

/** Undefined when the read models have no such ledger. Throws ReadModelsUnavailable. */
export async function askLedger<Row>(
  readModels: ReadModels,
  ledger: string,
  { sql, values }: LedgerQuestion,
): Promise<LedgerAnswer<Row> | undefined> {
  const [answer] = await readModels.rows<AskedRow<Row>>(
    `SELECT asked.revision, freshness.position, ${utc('asked.stale_since')} AS "staleSince",
       (SELECT coalesce(json_agg(found), '[]') FROM (${sql}) AS found) AS rows
     FROM reporting.ledger AS asked, reporting.freshness AS freshness WHERE asked.ledger = $1`,
    [ledger, ...values],
  );
  return answer && { ...answer, revision: Number(answer.revision) };
}

/** Takes a value of a statement, and answers with its placeholder. */
export type Bind = (value: unknown) => string;

/** Collects the values of a statement about one ledger, and gives out their placeholders. */
export function parameters(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value) + 1}`;
  return { values, bind };
}

/** SQL that writes a timestamp as RFC 3339 in UTC with milliseconds. */
export function utc(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
