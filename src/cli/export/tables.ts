// The tables of an export: of the rows of the read models those that belong to a ledger and a stretch of
// time, with columns that are named here, so that a read model may get more without changing any export.
import { escapeLiteral } from 'pg';
import { accountTable } from '../../../projections/account/table.js';
import { signOf } from '../../../projections/engine/normal-side.js';
import { utc } from '../../../projections/engine/queries.js';
import { type ColumnType, type Table } from '../../../projections/engine/table.js';
import { entryTable } from '../../../projections/entry/table.js';
import { refusalTable } from '../../../projections/refusal/table.js';
import { transferActTable, transferTable } from '../../../projections/transfer/table.js';
import { type TimeRange } from './time-range.js';

/** What is asked of the tables of one generation. */
export interface Asked {
  readonly schema: string;
  readonly ledger: string;
  /** About when something counts in the books; about its recording where nothing ever counted. */
  readonly range: TimeRange;
}

export interface ExportTable {
  /** As its file is called, without what tells the format. */
  readonly name: string;
  /** In the order of the file. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** A query with these columns. */
  readonly select: (asked: Asked) => string;
  /** Columns in whose order the rows are, which no two of them share. */
  readonly order: readonly string[];
}

export const BALANCES: ExportTable = {
  name: 'balances',
  columns: {
    account: 'text',
    type: 'text',
    currency: 'text',
    scale: 'integer',
    opening: 'numeric',
    debits: 'numeric',
    credits: 'numeric',
    closing: 'numeric',
  },
  select: selectBalances,
  order: ['account'],
};

export const EXPORT_TABLES: readonly ExportTable[] = [
  {
    name: 'accounts',
    columns: columnsOf(
      accountTable,
      `address type currency scale status frozen_for version balance available posted_debits
       posted_credits pending_debits pending_credits overdraft_limit balance_limit metadata opened_at
       digest revision position event_id`,
    ),
    select: rowsOf(accountTable),
    order: ['address'],
  },
  BALANCES,
  {
    name: 'transfers',
    columns: columnsOf(
      transferTable,
      `revision batch_index batch_id id state legs totals effective_at recorded_at reference description
       metadata conditions expires_at reverses exchange refusal position event_id`,
    ),
    select: rowsOf(transferTable, 'effective_at'),
    order: ['revision', 'batch_index'],
  },
  {
    name: 'acts',
    columns: columnsOf(
      transferActTable,
      `revision transfer_id id kind legs released is_final reason effective_at recorded_at description
       metadata totals position event_id`,
    ),
    select: rowsOf(transferActTable, 'coalesce(effective_at, recorded_at)'),
    order: ['revision', 'transfer_id'],
  },
  {
    name: 'entries',
    columns: columnsOf(
      entryTable,
      `revision batch_index leg side account counterparty transfer_id amount currency balance
       effective_at recorded_at description position event_id`,
    ),
    select: rowsOf(entryTable, 'effective_at'),
    // The debit of a leg, then its credit.
    order: ['revision', 'batch_index', 'leg', 'side DESC'],
  },
  {
    name: 'refusals',
    columns: columnsOf(
      refusalTable,
      'revision id kind transfer_id code message evidence items recorded_at position event_id',
    ),
    select: rowsOf(refusalTable, 'recorded_at'),
    order: ['revision', 'id'],
  },
];

/** A query for the table's rows in their order, every column as the text in which it is exported. */
export function rowsAsText({ columns, select, order }: ExportTable, asked: Asked): string {
  const texts = Object.entries(columns).map(([column, type]) =>
    type.startsWith('timestamptz') ? utc(`found.${column}`) : `found.${column}::text`,
  );
  const sorted = order.map((column) => `found.${column}`);
  return `SELECT ${texts.join(', ')} FROM (${select(asked)}) AS found ORDER BY ${sorted.join(', ')}`;
}

/** SQL that narrows to the stretch of time, beginning with AND where there is one. */
export function within(time: string, { from, to }: TimeRange): string {
  return [
    from === null ? '' : ` AND ${time} >= ${escapeLiteral(from)}`,
    to === null ? '' : ` AND ${time} < ${escapeLiteral(to)}`,
  ].join('');
}

/** Columns of a table by their names; throws where it has none of that name. */
function columnsOf({ name, columns }: Table, names: string): Record<string, ColumnType> {
  return Object.fromEntries(
    names.split(/\s+/).map((column) => {
      const type = columns[column];
      if (type === undefined) throw new RangeError(`the table ${name} has no column ${column}`);
      return [column, type];
    }),
  );
}

/** The ledger's rows; those of the stretch of time alone where `time` tells when a row is of. */
function rowsOf({ name }: Table, time?: string): ExportTable['select'] {
  return ({ schema, ledger, range }) =>
    `SELECT * FROM ${schema}.${name} WHERE ledger = ${escapeLiteral(ledger)}` +
    (time === undefined ? '' : within(time, range));
}

// Sums of the entries themselves, not the balances that accounts have by now: those know no time.
function selectBalances({ schema, ledger, range }: Asked): string {
  const { from, to } = range;
  const earlier = from === null ? 'false' : `effective_at < ${escapeLiteral(from)}`;
  const sum = (side: string, when: string) =>
    `coalesce(sum(amount) FILTER (WHERE side = '${side}' AND ${when}), 0)`;
  return `SELECT address AS account, type, currency, scale, round(earlier, scale) AS opening,
      round(debits, scale) AS debits, round(credits, scale) AS credits,
      round(earlier + sign * (debits - credits), scale) AS closing
    FROM (
      SELECT address, type, currency, scale, sign,
        sign * coalesce(earlier_debits - earlier_credits, 0) AS earlier,
        coalesce(later_debits, 0) AS debits, coalesce(later_credits, 0) AS credits
      FROM (
        SELECT *, ${signOf('type')} AS sign
        FROM ${schema}.account WHERE ledger = ${escapeLiteral(ledger)}
      ) AS owner LEFT JOIN (
        SELECT account, ${sum('debit', earlier)} AS earlier_debits,
          ${sum('credit', earlier)} AS earlier_credits,
          ${sum('debit', `NOT (${earlier})`)} AS later_debits,
          ${sum('credit', `NOT (${earlier})`)} AS later_credits
        FROM ${schema}.entry
        WHERE ledger = ${escapeLiteral(ledger)}${within('effective_at', { from: null, to })}
        GROUP BY account
      ) AS summed ON account = address
    ) AS sums`;
}
