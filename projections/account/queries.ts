import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type AccountType } from '../../src/domain/ledger/events.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { type LedgerQuestion, parameters, utc } from '../engine/queries.js';

export interface AccountFilter {
  readonly prefix?: string | undefined;
  readonly type?: string | undefined;
  readonly currency?: string | undefined;
  readonly status?: string | undefined;
  /** In units of the currency, both included. */
  readonly minBalance?: string | undefined;
  readonly maxBalance?: string | undefined;
  readonly metadata: Metadata;
}

/** The fields of an AccountSnapshot. */
const ACCOUNT = `address, type, currency, status, frozen_for AS "freeze", version,
  balance::text, available::text,
  json_build_object('debits', posted_debits::text, 'credits', posted_credits::text) AS posted,
  json_build_object('debits', pending_debits::text, 'credits', pending_credits::text) AS pending,
  overdraft_limit::text AS "overdraftLimit", balance_limit::text AS "balanceLimit",
  metadata, ${utc('opened_at')} AS "openedAt"`;

/** An account with the digest of its entries. */
export type DigestedAccount = AccountSnapshot & { readonly digest: string };

/** At most one DigestedAccount. */
export function oneAccount(address: string): LedgerQuestion {
  return {
    sql: `SELECT ${ACCOUNT}, digest FROM reporting.account WHERE ledger = $1 AND address = $2`,
    values: [address],
  };
}

/** AccountSnapshots in the order of their addresses. */
export function listAccounts(
  filter: AccountFilter,
  page: { afterAddress: string | undefined; limit: number },
): LedgerQuestion {
  const { values, bind } = parameters();
  const conditions = ['ledger = $1'];
  if (filter.prefix !== undefined) conditions.push(`address ^@ ${bind(filter.prefix)}`);
  if (filter.type !== undefined) conditions.push(`type = ${bind(filter.type)}`);
  if (filter.currency !== undefined) conditions.push(`currency = ${bind(filter.currency)}`);
  if (filter.status !== undefined) conditions.push(`status = ${bind(filter.status)}`);
  const { minBalance, maxBalance } = filter;
  if (minBalance !== undefined) conditions.push(`balance >= ${bind(minBalance)}::numeric`);
  if (maxBalance !== undefined) conditions.push(`balance <= ${bind(maxBalance)}::numeric`);
  if (Object.keys(filter.metadata).length > 0) {
    conditions.push(`metadata @> ${bind(JSON.stringify(filter.metadata))}::jsonb`);
  }
  if (page.afterAddress !== undefined) conditions.push(`address > ${bind(page.afterAddress)}`);
  const sql = `SELECT ${ACCOUNT} FROM reporting.account WHERE ${conditions.join(' AND ')}
    ORDER BY address LIMIT ${bind(page.limit)}`;
  return { sql, values };
}

/** Sums of all accounts of one currency, or of one type of it. */
export interface TrialBalanceRow {
  readonly currency: string;
  /** Null for the currency as a whole. */
  readonly type: AccountType | null;
  readonly accounts: number;
  readonly debits: string;
  readonly credits: string;
  /** Debits less credits. */
  readonly difference: string;
  readonly agrees: boolean;
}

/** Per currency and type, then per currency; of one currency, or of all. */
export function trialBalance(currency: string | undefined): LedgerQuestion {
  return {
    sql: `SELECT currency, type, count(*) AS accounts,
        sum(posted_debits)::text AS debits, sum(posted_credits)::text AS credits,
        (sum(posted_debits) - sum(posted_credits))::text AS difference,
        sum(posted_debits) = sum(posted_credits) AS agrees
      FROM reporting.account WHERE ledger = $1 AND ($2::text IS NULL OR currency = $2)
      GROUP BY GROUPING SETS ((currency, type), (currency))
      ORDER BY currency, type`,
    values: [currency ?? null],
  };
}

export interface RollUp {
  /** Whole segments of addresses; undefined is every account. */
  readonly prefix: string | undefined;
  /** How many segments below the prefix the sums are made. */
  readonly depth: number;
  readonly currency: string | undefined;
}

/** Sums of the accounts of one currency at or below a node of the tree of addresses. */
export interface RollUpRow {
  readonly address: string;
  readonly currency: string;
  readonly accounts: number;
  readonly posted: { readonly debits: string; readonly credits: string };
  readonly pending: { readonly debits: string; readonly credits: string };
  /** Posted debits less credits. */
  readonly difference: string;
  /** Balances of the accounts that grow by debits, and of those that grow by credits. */
  readonly balances: { readonly debit: string; readonly credit: string };
}

/** What is told of another time, at which nobody knows any more what was held. */
export type RollUpAsOfRow = Omit<RollUpRow, 'pending'>;

/** Two times, RFC 3339 in UTC: what counts by `at`, as far as it was recorded by `knownAt`. */
interface Times {
  readonly at: string | undefined;
  readonly knownAt: string | undefined;
}

/** RollUpRows in the order of addresses and currencies; RollUpAsOfRows when times are given. */
export function rollUpBalances(
  { prefix, depth, currency }: RollUp,
  page: { after: { address: string; currency: string } | undefined; limit: number },
  times?: Times,
): LedgerQuestion {
  const { values, bind } = parameters();
  const root = prefix === undefined ? undefined : bind(prefix);
  const last = page.after && bind(page.after.address);
  const below = (address: string) => [
    'ledger = $1',
    // The semicolon is the character after the colon.
    ...(root ? [`${address} >= ${root} AND ${address} < ${root} || ';'`] : []),
    ...(root ? [`(${address} = ${root} OR ${address} ^@ (${root} || ':'))`] : []),
    // No account below a node comes before it.
    ...(last ? [`${address} >= ${last}`] : []),
  ];
  const conditions = below('address');
  if (currency !== undefined) conditions.push(`currency = ${bind(currency)}`);
  const segments = (prefix?.split(':').length ?? 0) + depth;
  const node = `array_to_string((string_to_array(address, ':'))[1:${bind(segments)}::integer], ':')`;
  const { after, limit } = page;
  const rest = after
    ? `WHERE (node COLLATE "C", currency) > (${last}, ${bind(after.currency)})`
    : '';
  const from = times ? accountsAsOf(times, below('account'), bind) : 'reporting.account';
  const sql = `SELECT node AS address, currency, count(*) AS accounts,
      json_build_object('debits', sum(posted_debits)::text, 'credits', sum(posted_credits)::text)
        AS posted,
      ${times ? '' : `${PENDING},`}
      (sum(posted_debits) - sum(posted_credits))::text AS difference,
      json_build_object('debit', ${sumOfSide('debit')}, 'credit', ${sumOfSide('credit')}) AS balances
    FROM (SELECT ${node} AS node, * FROM ${from} WHERE ${conditions.join(' AND ')}) AS below
    ${rest} GROUP BY node, currency ORDER BY node COLLATE "C", currency LIMIT ${bind(limit)}`;
  return { sql, values };
}

const PENDING = `json_build_object('debits', sum(pending_debits)::text,
  'credits', sum(pending_credits)::text) AS pending`;

// Accounts that were open by then, each with what was posted to it by then. All entries below are added up
// at once: to look each of many accounts up in its blocks would take longer.
function accountsAsOf(
  { at, knownAt }: Times,
  below: readonly string[],
  bind: (value: unknown) => string,
): string {
  const [time, known] = [at, knownAt].map((when) => `${bind(when ?? 'infinity')}::timestamptz`);
  return `(
    SELECT ledger, address, currency, normal_side, round(coalesce(debits, 0), scale) AS posted_debits,
      round(coalesce(credits, 0), scale) AS posted_credits, round(coalesce(change, 0), scale) AS balance
    FROM reporting.account LEFT JOIN (
      SELECT account AS address, sum(debit) AS debits, sum(credit) AS credits, sum(change) AS change
      FROM reporting.entry WHERE ${below.join(' AND ')} AND effective_at <= ${time}
        AND revision <= (SELECT reporting.known_revision($1, ${known}))
      GROUP BY account
    ) AS posted USING (address)
    WHERE opened_at <= ${known}
  ) AS account`;
}

// Zero times a balance is a zero with the decimals of the currency.
function sumOfSide(side: 'debit' | 'credit'): string {
  return `sum(CASE normal_side WHEN '${side}' THEN balance ELSE 0 * balance END)::text`;
}
