// Questions about balances at another time. They ask the functions of `reporting`, as analysts may.
import { type AccountType } from '../../src/domain/ledger/events.js';
import { type LedgerQuestion, parameters, utc } from '../engine/queries.js';
import { type EntryRow } from '../entry/queries.js';

/** Two times, RFC 3339 in UTC: what counts by `at`, as far as it was recorded by `knownAt`. */
export interface AsOf {
  /** Undefined is whenever it counts. */
  readonly at: string | undefined;
  /** Undefined is everything that the answer reflects. */
  readonly knownAt: string | undefined;
}

/** What can be told of an account at any time; amounts are decimal strings at its scale. */
export interface AccountAsOfRow {
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly balance: string;
  readonly posted: { readonly debits: string; readonly credits: string };
  readonly openedAt: string;
}

/** SQL: the factor that brings debits less credits to the normal side of the account. */
const SIGN = `CASE WHEN type IN ('asset', 'expense') THEN 1 ELSE -1 END`;

/** At most one AccountAsOfRow. */
export function accountAsOf(address: string, { at, knownAt }: AsOf): LedgerQuestion {
  return {
    sql: `SELECT address, type, currency,
        round((${SIGN}) * (debits - credits), scale)::text AS balance,
        json_build_object('debits', round(debits, scale)::text,
          'credits', round(credits, scale)::text) AS posted,
        ${utc('opened_at')} AS "openedAt"
      FROM reporting.account,
        reporting.account_sums($1, $2, $3, reporting.known_revision($1, $4))
      WHERE ledger = $1 AND address = $2`,
    values: [address, ...timesOf({ at, knownAt })],
  };
}

/** Per currency and type, then per currency, as TrialBalanceRows; of one currency, or of all. */
export function trialBalanceAsOf(currency: string | undefined, asOf: AsOf): LedgerQuestion {
  return {
    sql: `SELECT currency, type, sum(accounts) AS accounts,
        sum(debits)::text AS debits, sum(credits)::text AS credits,
        (sum(debits) - sum(credits))::text AS difference, sum(debits) = sum(credits) AS agrees
      FROM reporting.trial_balance_as_of($1, $2, $3)
      WHERE $4::text IS NULL OR currency = $4
      GROUP BY GROUPING SETS ((currency, type), (currency))
      ORDER BY currency, type`,
    values: [...timesOf(asOf), currency ?? null],
  };
}

const ALWAYS = 'infinity';

function timesOf({ at = ALWAYS, knownAt = ALWAYS }: AsOf): string[] {
  return [at, knownAt];
}

/** Undefined is open: `from` is part of the period, `to` is not. */
export interface Period {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Where a line stands in the statement of its account. */
export interface LineKey {
  readonly effectiveAt: string;
  readonly revision: string;
  readonly batchIndex: string;
  readonly leg: string;
}

export interface StatementQuestion extends Period {
  readonly account: string;
  /** As far as it was recorded by a time, or at a revision. */
  readonly known: { readonly at: string | undefined } | { readonly revision: string };
  readonly after: LineKey | undefined;
  readonly limit: number;
}

/** Totals are of the period, lines of the page: EntryRows with the running balance of the statement. */
export interface StatementRow extends Omit<AccountAsOfRow, 'balance' | 'posted' | 'openedAt'> {
  readonly knownRevision: number;
  readonly opening: string;
  readonly closing: string;
  readonly totals: { readonly debits: string; readonly credits: string };
  readonly lines: readonly EntryRow[];
}

const LINE_ORDER = 'effective_at, revision, batch_index, leg';

/** At most one StatementRow. */
export function statement(question: StatementQuestion): LedgerQuestion {
  const { account, from = '-infinity', to = 'infinity', known, after, limit } = question;
  const { values, bind } = parameters();
  const address = bind(account);
  const since = `${bind(from)}::timestamptz`;
  const before = `${bind(to)}::timestamptz`;
  const revision =
    'revision' in known
      ? `${bind(known.revision)}::bigint`
      : `reporting.known_revision($1, ${bind(known.at ?? ALWAYS)})`;
  const sumsBefore = (time: string, upTo = 'known.revision') =>
    `reporting.account_sums($1, ${address}, ${time} - interval '1 microsecond', ${upTo})`;
  const key = after && boundKey(after, bind);
  const sql = `SELECT address, type, currency, known.revision AS "knownRevision",
      round(sign * (opening.debits - opening.credits), scale)::text AS opening,
      round(sign * (closing.debits - closing.credits), scale)::text AS closing,
      json_build_object('debits', round(closing.debits - opening.debits, scale)::text,
        'credits', round(closing.credits - opening.credits, scale)::text) AS totals,
      (SELECT coalesce(json_agg(line), '[]') FROM (
        SELECT revision, batch_index AS "batchIndex", transfer_id AS "transferId", leg, side,
          amount::text, round(sign * (brought.forward + sum(${NET}) OVER (ORDER BY ${LINE_ORDER})),
            scale)::text AS balance,
          ${utc('effective_at')} AS "effectiveAt", ${utc('recorded_at')} AS "recordedAt",
          counterparty, description
        FROM (
          SELECT * FROM reporting.entry
          WHERE ledger = $1 AND account = ${address} AND revision <= known.revision
            AND effective_at >= ${since} AND effective_at < ${before}
            ${key ? `AND (${LINE_ORDER}) > (${key.all})` : ''}
          ORDER BY ${LINE_ORDER} LIMIT ${bind(limit)}
        ) AS page ORDER BY ${LINE_ORDER}
      ) AS line) AS lines
    FROM reporting.account,
      LATERAL (SELECT ${SIGN} AS sign, ${revision} AS revision) AS known,
      LATERAL ${sumsBefore(since)} AS opening, LATERAL ${sumsBefore(before)} AS closing,
      LATERAL (${key ? broughtForward(key, address, sumsBefore) : 'SELECT opening.debits - opening.credits'})
        AS brought (forward)
    WHERE ledger = $1 AND address = ${address}`;
  return { sql, values };
}

/** SQL: what an entry adds, debits above zero. */
const NET = `CASE side WHEN 'debit' THEN amount ELSE -amount END`;

interface BoundKey extends LineKey {
  readonly all: string;
}

function boundKey(after: LineKey, bind: (value: unknown) => string): BoundKey {
  const effectiveAt = `${bind(after.effectiveAt)}::timestamptz`;
  const revision = `${bind(after.revision)}::bigint`;
  const [batchIndex, leg] = [after.batchIndex, after.leg].map((part) => `${bind(part)}::integer`);
  const all = [effectiveAt, revision, batchIndex, leg].join(', ');
  return { effectiveAt, revision, batchIndex: batchIndex ?? '', leg: leg ?? '', all };
}

// Debits less credits up to and including a line: what counts before its time, what was recorded before
// it of the same time, and of its own event what stands before it.
function broughtForward(
  { effectiveAt, revision, batchIndex, leg }: BoundKey,
  address: string,
  sumsBefore: (time: string, upTo?: string) => string,
): string {
  const earlier = `${revision} - 1`;
  return `SELECT earlier.debits - earlier.credits
      + same_time.debits - same_time.credits - skipped.debits + skipped.credits
      + coalesce((SELECT sum(${NET}) FROM reporting.entry
          WHERE ledger = $1 AND account = ${address} AND revision = ${revision}
            AND effective_at = ${effectiveAt} AND (batch_index, leg) <= (${batchIndex}, ${leg})), 0)
    FROM ${sumsBefore(effectiveAt)} AS earlier,
      reporting.account_sums($1, ${address}, ${effectiveAt}, ${earlier}) AS same_time,
      ${sumsBefore(effectiveAt, earlier)} AS skipped`;
}
