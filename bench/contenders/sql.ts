// A transfer service on tables: bench/baseline-sql.
import { SCHEMA } from '../baseline-sql/schema.js';
import { addressAt } from '../load/account-choice.js';
import { type Baseline } from './baseline.js';
import { type Booked } from './contender.js';

const CURRENCY = 'EUR';

interface Row {
  readonly id: string;
  readonly number: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
}

/** Entries of each side by themselves: that there is one of each is part of what is checked. */
const BOOKED = `
  SELECT transfer.id, transfer.number, debited.address AS debit, credited.address AS credit,
    debit.amount
  FROM transfer
  LEFT JOIN entry AS debit ON debit.transfer = transfer.number AND debit.side = 'debit'
  LEFT JOIN account AS debited ON debited.id = debit.account
  LEFT JOIN entry AS credit ON credit.transfer = transfer.number AND credit.side = 'credit'
    AND credit.amount = debit.amount
  LEFT JOIN account AS credited ON credited.id = credit.account
  WHERE transfer.ledger = $1`;

export const sql: Baseline = {
  name: 'sql',
  script: 'baseline-sql/main.js',
  database: 'baseline_sql',
  prepare: async ({ pool }) => {
    await pool.query(SCHEMA);
  },
  openLedger: async ({ pool }, ledger, { spread, overdraftLimit }) => {
    const addresses = Array.from({ length: spread.accounts }, (_, n) => addressAt(n));
    await pool.query(
      `INSERT INTO account (ledger, address, type, currency, overdraft_limit)
       SELECT $1, address, 'asset', $2, ($3::numeric * 100)::bigint FROM unnest($4::text[]) AS address`,
      [ledger, CURRENCY, overdraftLimit, addresses],
    );
  },
  booked: async function* (pool, ledger): AsyncIterable<Booked> {
    const { rows } = await pool.query<Row>(BOOKED, [ledger]);
    for (const { id, number, debit, credit, amount } of rows) {
      yield { id, revision: Number(number), debit, credit, amount: BigInt(amount ?? 0) };
    }
  },
};
