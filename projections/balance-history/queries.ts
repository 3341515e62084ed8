// Questions about balances at another time. They ask the functions of `reporting`, as analysts may.
import { type AccountType } from '../../src/domain/ledger/events.js';
import { signOf } from '../engine/normal-side.js';
import { type Bind, type LedgerQuestion, parameters, utc } from '../engine/queries.js';
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

/** At most one AccountAsOfRow. */
export function accountAsOf(address: string, { at, knownAt }: AsOf): LedgerQuestion {
  return {
    sql: `SELECT address, type, currency,
        round(${signOf('type')} * (debits[1] - credits[1]), scale)::text AS balance,
        json_build_object('debits', round(debits[1], scale)::text,
          'credits', round(credits[1], scale)::text) AS posted,
        ${utc('opened_at')} AS "openedAt"
      FROM reporting.account,
        reporting.account_sums($1, $2, ARRAY[$3::timestamptz], reporting.known_revision($1, $4))
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
  const key = after && boundKey(after, bind);
  const times = [since, before, ...(key ? [key.effectiveAt] : [])].map(rightBefore);
  const sql = `SELECT address, type, currency, known.revision AS "knownRevision",
      round(sign * (sums.debits[1] - sums.credits[1]), scale)::text AS opening,
      round(sign * (sums.debits[2] - sums.credits[2]), scale)::text AS closing,
      json_build_object('debits', round(sums.debits[2] - sums.debits[1], scale)::text,
        'credits', round(sums.credits[2] - sums.credits[1], scale)::text) AS totals,
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
      LATERAL (SELECT ${signOf('type')} AS sign, ${revision} AS revision) AS known,
      LATERAL reporting.account_sums($1, ${address}, ARRAY[${times.join(', ')}], known.revision)
        AS sums,
      LATERAL (${key ? broughtForward(key, address) : 'SELECT sums.debits[1] - sums.credits[1]'})
        AS brought (forward)
    WHERE ledger = $1 AND address = ${address}`;
  return { sql, values };
}

/** SQL: what an entry adds, debits above zero. */
const NET = `CASE side WHEN 'debit' THEN amount ELSE -amount END`;

interface BoundKey extends LineKey {
  readonly all: string;
}

function boundKey(after: LineKey, bind: Bind): BoundKey {
  const effectiveAt = `${bind(after.effectiveAt)}::timestamptz`;
  const revision = `${bind(after.revision)}::bigint`;
  const [batchIndex, leg] = [after.batchIndex, after.leg].map((part) => `${bind(part)}::integer`);
  const all = [effectiveAt, revision, batchIndex, leg].join(', ');
  return { effectiveAt, revision, batchIndex: batchIndex ?? '', leg: leg ?? '', all };
}

/** SQL: the last moment before a time. */
function rightBefore(time: string): string {
  return `${time} - interval '1 microsecond'`;
}

// Debits less credits up to and including a line: what counts before its time, which is the third of the
// sums, what was recorded before it of the same time, if anything was, and what stands before it in its
// own event.
function broughtForward(
  { effectiveAt, revision, batchIndex, leg }: BoundKey,
  address: string,
): string {
  const sameTime = `ledger = $1 AND account = ${address} AND effective_at = ${effectiveAt}`;
  return `SELECT sums.debits[3] - sums.credits[3]
    + coalesce((
      SELECT debits[2] - credits[2] - debits[1] + credits[1]
      FROM reporting.account_sums($1, ${address},
        ARRAY[${rightBefore(effectiveAt)}, ${effectiveAt}], ${revision} - 1)
      WHERE EXISTS (SELECT FROM reporting.entry WHERE ${sameTime} AND revision < ${revision})), 0)
    + coalesce((
      SELECT sum(${NET}) FROM reporting.entry
      WHERE ${sameTime} AND revision = ${revision}
        AND (batch_index, leg) <= (${batchIndex}, ${leg})), 0)`;
}

export interface RestatementsQuestion {
  /** About balances at this time. */
  readonly at: string;
  /** As they were known then. */
  readonly knownFrom: string;
  /** What was known: until when things were recorded, or the revisions that a page before came to. */
  readonly known: { readonly to: string | undefined } | Revisions;
  readonly afterAddress: string | undefined;
  readonly limit: number;
  /** Of each account, at most so many transfers are told. */
  readonly transfersMax: number;
}

interface Revisions {
  readonly fromRevision: string;
  readonly toRevision: string;
}

/** What became of one balance; amounts are on the normal side of the account. */
export interface RestatementRow {
  readonly address: string;
  readonly type: AccountType;
  readonly currency: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  /** In the order in which they were recorded. */
  readonly transfers: readonly {
    readonly id: string;
    readonly change: string;
    readonly effectiveAt: string;
    readonly recordedAt: string;
    readonly revision: number;
  }[];
  readonly transfersInAll: number;
  readonly fromRevision: number;
  readonly toRevision: number;
}

/** RestatementRows of the accounts that have any, in the order of their addresses. */
export function restatements(question: RestatementsQuestion): LedgerQuestion {
  const { at, knownFrom, known, afterAddress, limit, transfersMax } = question;
  const { values, bind } = parameters();
  const time = `${bind(at)}::timestamptz`;
  const recordedAfter = `${bind(knownFrom)}::timestamptz`;
  const [from, to] =
    'to' in known
      ? [recordedAfter, bind(known.to ?? ALWAYS)].map(
          (when) => `reporting.known_revision($1, ${when})`,
        )
      : [known.fromRevision, known.toRevision].map((revision) => `${bind(revision)}::bigint`);
  const afterCursor = afterAddress === undefined ? '' : `AND account > ${bind(afterAddress)}`;
  const sql = `WITH known AS MATERIALIZED (SELECT ${from} AS "from", ${to} AS "to"),
    moved AS (
      SELECT account, transfer_id, revision, sum(change) AS change,
        min(effective_at) AS effective_at, min(recorded_at) AS recorded_at,
        row_number() OVER (PARTITION BY account ORDER BY revision, min(batch_index)) AS place
      FROM reporting.entry
      WHERE ledger = $1 AND recorded_at > ${recordedAfter} AND effective_at <= ${time}
        AND revision > (SELECT "from" FROM known) AND revision <= (SELECT "to" FROM known)
        ${afterCursor}
      GROUP BY account, transfer_id, revision
    ),
    restated AS MATERIALIZED (
      SELECT account, sum(change) AS difference, count(*) AS "transfersInAll",
        json_agg(json_build_object('id', transfer_id, 'change', change::text,
          'effectiveAt', ${utc('effective_at')}, 'recordedAt', ${utc('recorded_at')},
          'revision', revision) ORDER BY place)
          FILTER (WHERE place <= ${bind(transfersMax)}) AS transfers
      FROM moved GROUP BY account ORDER BY account LIMIT ${bind(limit)}
    )
    SELECT address, type, currency, round(before, scale)::text AS before,
      round(before + difference, scale)::text AS after, difference::text, transfers,
      "transfersInAll", known."from" AS "fromRevision", known."to" AS "toRevision"
    FROM known, restated JOIN reporting.account ON ledger = $1 AND address = restated.account,
      LATERAL reporting.account_sums($1, address, ARRAY[${time}], known."from") AS sums,
      LATERAL (SELECT ${signOf('type')} * (sums.debits[1] - sums.credits[1]) AS before) AS balance
    ORDER BY address`;
  return { sql, values };
}
