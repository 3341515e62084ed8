// Folds the ledgers of some accounts again, and holds every row of these accounts against what comes of it.
import { randomInt } from 'node:crypto';
import { type Pool } from 'pg';
import { type EventStore, type StoredEvent } from '../../src/event-store/event-store.js';
import { type Table, isFolded } from '../engine/table.js';
import { TABLES } from '../engine/generations.js';
import { appliedEvents } from './applied-events.js';
import { Findings } from './finding.js';
import { type Place, lookInto } from './rows/look-into.js';
import { rowsOfAccounts } from './rows/stored-rows.js';
import { checkSlices } from './slices/check-slices.js';
import { type Snapshot, inSnapshot } from './snapshot.js';

/** Accounts that are verified at once. */
export const SAMPLE_MAX = 10_000;

export interface AccountName {
  readonly ledger: string;
  readonly address: string;
}

export interface VerifyAccountsOptions {
  readonly store: EventStore;
  /** Of at least one connection. */
  readonly pool: Pool;
  /** One account, or so many at random. */
  readonly which: AccountName | { readonly sample: number };
  readonly signal: AbortSignal;
  readonly onProgress: (events: number, total: number) => void;
}

export interface AccountsVerified {
  readonly generation: number;
  readonly position: string | null;
  readonly accounts: readonly AccountName[];
  readonly events: number;
  readonly findings: Findings;
}

/** The read models have no such account. */
export class AccountMissing extends Error {
  override readonly name = 'AccountMissing';
}

/** Throws NothingProjected, AccountMissing, EventStoreUnavailable, or what Postgres says. */
export function verifyAccounts(options: VerifyAccountsOptions): Promise<AccountsVerified> {
  return inSnapshot(options.pool, async (snapshot) => {
    const { store, which, signal, onProgress } = options;
    const accounts = await chosen(snapshot, which);
    const findings = new Findings();
    const total = await eventsOf(snapshot, accounts);
    const { generation, last } = snapshot.checkpoint;
    let events = 0;
    async function* applied(ledger: string): AsyncGenerator<StoredEvent[]> {
      for await (const batch of appliedEvents({
        store,
        ledger,
        position: last?.position,
        signal,
      })) {
        yield batch;
        events += batch.length;
        onProgress(events, total);
      }
    }
    const tell = findings.add.bind(findings);
    const places = placesOf(snapshot, accounts);
    const { isApplied } = snapshot;
    for (const finding of await lookInto({ store, places, applied, isApplied, tell }))
      tell(finding);
    for (const [ledger, addresses] of addressesOf(accounts)) {
      const of = { tables: TABLES, ledger, accounts: [...addresses] };
      await checkSlices(snapshot, { ...of, signal, tell });
    }
    const position = last?.position.toString() ?? null;
    return { generation, position, accounts, events, findings };
  });
}

async function chosen(
  { database, schema }: Snapshot,
  which: VerifyAccountsOptions['which'],
): Promise<AccountName[]> {
  if ('sample' in which) {
    const { rows } = await database.query<AccountName>(
      `SELECT ledger, address FROM ${schema}.account
       ORDER BY hashtextextended(ledger || '/' || address, $2) LIMIT $1`,
      [which.sample, randomInt(2 ** 32)],
    );
    return rows;
  }
  const { rows } = await database.query<AccountName>(
    `SELECT ledger, address FROM ${schema}.account WHERE ledger = $1 AND address = $2`,
    [which.ledger, which.address],
  );
  if (rows.length > 0) return rows;
  const { ledger, address } = which;
  throw new AccountMissing(`The read models have no account "${address}" in ledger "${ledger}".`);
}

async function eventsOf(
  { database, schema }: Snapshot,
  accounts: readonly AccountName[],
): Promise<number> {
  const { rows } = await database.query<{ events: string }>(
    `SELECT coalesce(sum(revision + 1), 0) AS events FROM ${schema}.ledger WHERE ledger = ANY ($1)`,
    [accounts.map(({ ledger }) => ledger)],
  );
  return Number(rows[0]?.events);
}

/** In which column a table names the account that a row is of. */
function accountColumn({ columns }: Table): 'account' | 'address' | undefined {
  if ('account' in columns) return 'account';
  return 'address' in columns ? 'address' : undefined;
}

/** By ledger. */
function addressesOf(accounts: readonly AccountName[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { ledger, address } of accounts) {
    found.set(ledger, (found.get(ledger) ?? new Set()).add(address));
  }
  return found;
}

function placesOf(snapshot: Snapshot, accounts: readonly AccountName[]): Place[] {
  return [...addressesOf(accounts)].flatMap(([ledger, addresses]) => {
    return TABLES.filter(isFolded).flatMap((table): Place[] => {
      const column = accountColumn(table);
      if (column === undefined) return [];
      const of = { ledger, accounts: [...addresses] };
      return [
        {
          ...{ table, ledger },
          has: ({ row }) => addresses.has(String(row[column])),
          stored: () => rowsOfAccounts(snapshot, { table, column }, of),
        },
      ];
    });
  });
}
