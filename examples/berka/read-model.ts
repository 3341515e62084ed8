// Daybook's answers, asked in SQL of the schema `reporting`, the way analysts do.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool } from 'pg';
import { type EventStore, type Position } from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { hellersOf } from './source.js';

/** What the read models hold of one ledger. Hellers throughout. */
export interface DaybookFigures {
  /** Balances on the normal side, by address. */
  readonly balances: ReadonlyMap<string, bigint>;
  /** Sums over all accounts. */
  readonly debits: bigint;
  readonly credits: bigint;
  /** Sums over the journal of the customers' accounts. */
  readonly totalIn: bigint;
  readonly totalOut: bigint;
  readonly posted: number;
  readonly refused: number;
  /** A customer's running balance after the last entry of a day, by `<address> <day>`. */
  readonly closings: ReadonlyMap<string, bigint>;
}

export async function askDaybook(pool: Pool, ledger: string): Promise<DaybookFigures> {
  const accounts = await pool.query<{ address: string; balance: string }>(
    `SELECT address, balance::numeric(30, 2)::text AS balance
     FROM reporting.account WHERE ledger = $1`,
    [ledger],
  );
  const sums = await pool.query<{ debits: string; credits: string }>(
    `SELECT coalesce(sum(posted_debits), 0)::numeric(30, 2)::text AS debits,
       coalesce(sum(posted_credits), 0)::numeric(30, 2)::text AS credits
     FROM reporting.account WHERE ledger = $1`,
    [ledger],
  );
  const totals = await pool.query<{ side: string; total: string }>(
    `SELECT side, sum(amount)::numeric(30, 2)::text AS total FROM reporting.entry
     WHERE ledger = $1 AND account LIKE 'customers:%' GROUP BY side`,
    [ledger],
  );
  const states = await pool.query<{ state: string; count: number }>(
    `SELECT state, count(*)::int AS count FROM reporting.transfer WHERE ledger = $1 GROUP BY state`,
    [ledger],
  );
  const closings = await pool.query<{ account: string; day: string; balance: string }>(
    `SELECT DISTINCT ON (account, day) account, day, balance FROM (
       SELECT account, to_char(effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
         balance::numeric(30, 2)::text AS balance, revision, leg
       FROM reporting.entry WHERE ledger = $1 AND account LIKE 'customers:%') AS booked
     ORDER BY account, day, revision DESC, leg DESC`,
    [ledger],
  );
  const total = (side: string) =>
    hellersOf(totals.rows.find((row) => row.side === side)?.total ?? '0.00');
  const transfers = (state: string) => states.rows.find((row) => row.state === state)?.count ?? 0;
  return {
    balances: new Map(accounts.rows.map((row) => [row.address, hellersOf(row.balance)])),
    debits: hellersOf(sums.rows[0]?.debits ?? ''),
    credits: hellersOf(sums.rows[0]?.credits ?? ''),
    totalIn: total('credit'),
    totalOut: total('debit'),
    posted: transfers('posted'),
    refused: transfers('refused'),
    closings: new Map(
      closings.rows.map(({ account, day, balance }) => [`${account} ${day}`, hellersOf(balance)]),
    ),
  };
}

const POLL_INTERVAL_MS = 100;
/** The read models may be behind, but not stand still for so long. */
const STANDSTILL_MAX_MS = 60_000;

/** Resolves when the read models show everything that the log of this ledger holds now. */
export async function caughtUp(pool: Pool, store: EventStore, ledger: string): Promise<void> {
  const last = await lastPosition(store, ledger);
  let [seen, seenAt] = [-1n, performance.now()];
  while (seen < last) {
    const { rows } = await pool.query<{ position: string | null }>(
      `SELECT position FROM daybook.generation JOIN daybook.checkpoint ON generation = number
       WHERE state = 'live'`,
    );
    const position = BigInt(rows[0]?.position ?? -1);
    if (position > seen) [seen, seenAt] = [position, performance.now()];
    else if (performance.now() - seenAt > STANDSTILL_MAX_MS) {
      throw new Error(`The read models stand still at position ${seen}; the log is at ${last}.`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

async function lastPosition(store: EventStore, ledger: string): Promise<Position> {
  const backwards = { from: 'end', direction: 'backwards', limit: 1 } as const;
  let last: Position | undefined;
  for await (const { position } of store.readStream(ledgerStream(ledger), backwards)) {
    last = position;
  }
  if (last === undefined) throw new Error(`There is no ledger "${ledger}".`);
  return last;
}
