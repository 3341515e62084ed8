// The bank's books, added up straight from its file: what Daybook's have to come to.
import { type BookedRow, orderOfDay } from './chain.js';
import { type Counterparty, dayOf, mapped } from './mapping.js';
import { type BankTransaction, hellersOf } from './source.js';

/** One customer account at the end of one day with transactions. Hellers throughout. */
export interface DayEnd {
  /** Address in Daybook. */
  readonly account: string;
  /** `1993-01-31` */
  readonly day: string;
  readonly rows: number;
  /** Rows whose recorded balance follows from the one before it. */
  readonly chained: number;
  /** As the bank recorded it. */
  readonly closing: bigint;
  /** By how much the recorded balances have risen more than the amounts say, this day and all before. */
  readonly gapSoFar: bigint;
}

export interface BankBooks {
  readonly transactions: number;
  readonly totalIn: bigint;
  readonly totalOut: bigint;
  /** Balance of every account on its normal side, by address in Daybook. */
  readonly balances: ReadonlyMap<string, bigint>;
  readonly dayEnds: readonly DayEnd[];
}

interface Customer {
  closing: bigint;
  gapSoFar: bigint;
}

/** Throws when the file is not in the order of its dates. */
export async function addUp(transactions: AsyncIterable<BankTransaction>): Promise<BankBooks> {
  const balances = new Map<string, bigint>();
  const customers = new Map<string, Customer>();
  const dayEnds: DayEnd[] = [];
  let [count, totalIn, totalOut] = [0, 0n, 0n];
  let today = { date: '', rows: new Map<string, BookedRow[]>() };

  for await (const transaction of transactions) {
    const { date, id, isIncoming, recordedBalance } = transaction;
    if (date < today.date)
      throw new Error(`transaction ${id} of ${date} comes after ${today.date}`);
    if (date > today.date) {
      dayEnds.push(...endOfDay(today.date, today.rows, customers));
      today = { date, rows: new Map() };
    }
    const amount = hellersOf(transaction.amount);
    const change = isIncoming ? amount : -amount;
    const { customer, counterparty } = mapped(transaction);
    add(balances, customer, change);
    add(balances, counterparty.address, growsByIncoming(counterparty) ? change : -change);
    const rows = today.rows.get(customer) ?? [];
    today.rows.set(customer, [...rows, { change, balance: recordedBalance }]);
    count += 1;
    if (isIncoming) totalIn += amount;
    else totalOut += amount;
  }
  dayEnds.push(...endOfDay(today.date, today.rows, customers));
  return { transactions: count, totalIn, totalOut, balances, dayEnds };
}

function endOfDay(
  date: string,
  rowsByAccount: ReadonlyMap<string, readonly BookedRow[]>,
  customers: Map<string, Customer>,
): DayEnd[] {
  return [...rowsByAccount].map(([account, rows]) => {
    const before = customers.get(account) ?? { closing: 0n, gapSoFar: 0n };
    const { closing, chained, gap } = orderOfDay(before.closing, rows);
    const gapSoFar = before.gapSoFar + gap;
    customers.set(account, { closing, gapSoFar });
    return { account, day: dayOf(date), rows: rows.length, chained, closing, gapSoFar };
  });
}

// Money that comes in is debited to the other side: assets and expenses grow by it, income shrinks.
function growsByIncoming({ type }: Counterparty): boolean {
  return type !== 'income';
}

function add(balances: Map<string, bigint>, address: string, change: bigint): void {
  balances.set(address, (balances.get(address) ?? 0n) + change);
}
