// Folds the ledgers of some accounts again, and holds every row of these accounts against what comes of it.
import { randomInt } from 'node:crypto';
import { type Pool } from 'pg';
import { type EventStore, type StoredEvent } from '../../src/event-store/event-store.js';
import { TABLES } from '../engine/generations.js';
import { type RowChange, type Table, isFolded } from '../engine/table.js';
import { appliedEvents } from './applied-events.js';
import { type Finding, Findings } from './finding.js';
import { type Bucket, Fingerprints, bucketOf } from './rows/fingerprints.js';
import { BUCKETS_EXAMINED_MAX, type Place, lookInto } from './rows/look-into.js';
import { type AccountRows, addStoredOfAccounts, rowsOfAccounts } from './rows/stored-rows.js';
import { sumsOfRows } from './rows/sums-of-rows.js';
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
  /** Parts of tables in which rows differ too, and were not looked at row by row. */
  readonly unexamined: number;
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
    const { generation, last } = snapshot.checkpoint;
    const position = last?.position;
    const applied = (ledger: string) => appliedEvents({ store, ledger, position, signal });
    const total = await eventsOf(snapshot, accounts);
    const findings = new Findings();
    const tell = (finding: Finding) => findings.add(finding);
    let events = 0;
    async function* batches(): AsyncGenerator<readonly StoredEvent[]> {
      for (const ledger of new Set(accounts.map((account) => account.ledger))) {
        for await (const batch of applied(ledger)) {
          yield batch;
          events += batch.length;
          onProgress(events, total);
        }
      }
    }
    const parts = partsOf(accounts);
    const isAskedFor = (change: RowChange) => {
      const ledger = String(change.row['ledger']);
      return parts.get(partName({ table: change.table, ledger }))?.has(change) ?? false;
    };
    const { isApplied } = snapshot;
    const expected = await sumsOfRows({ store, batches: batches(), isAskedFor, isApplied, tell });
    const stored = new Fingerprints();
    for (const part of parts.values()) await addStoredOfAccounts(snapshot, part, stored);
    const differing = stored.differences(expected);
    const places = differing.slice(0, BUCKETS_EXAMINED_MAX).flatMap((bucket) => {
      const part = parts.get(partName(bucket));
      return part ? [placeIn(snapshot, part, bucket)] : [];
    });
    // What is wrong with the log was told by the first pass.
    const again = { store, places, applied, isApplied, tell: () => undefined };
    for (const finding of await lookInto(again)) tell(finding);
    for (const [ledger, addresses] of addressesOf(accounts)) {
      const of = { tables: TABLES, ledger, accounts: [...addresses] };
      await checkSlices(snapshot, { ...of, signal, tell });
    }
    const unexamined = Math.max(0, differing.length - BUCKETS_EXAMINED_MAX);
    return {
      ...{ generation, position: position?.toString() ?? null, accounts },
      ...{ events, findings, unexamined },
    };
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

/** The rows of the accounts of one ledger in one table. */
interface Part extends AccountRows {
  /** Of a row of that ledger and table. */
  readonly has: (change: RowChange) => boolean;
}

function partName({ table, ledger }: Pick<Bucket, 'table' | 'ledger'>): string {
  return `${table.name} ${ledger}`;
}

/** By their names. */
function partsOf(accounts: readonly AccountName[]): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const [ledger, addresses] of addressesOf(accounts)) {
    for (const table of TABLES.filter(isFolded)) {
      const column = accountColumn(table);
      if (column === undefined) continue;
      const has = ({ row }: RowChange) => addresses.has(String(row[column]));
      const part = { table, column, ledger, accounts: [...addresses], has };
      parts.set(partName({ table, ledger }), part);
    }
  }
  return parts;
}

function placeIn(snapshot: Snapshot, part: Part, bucket: Bucket): Place {
  const { table, ledger, name } = bucket;
  return {
    ...{ table, ledger },
    has: (change) => part.has(change) && bucketOf(change).name === name,
    stored: () => rowsOfAccounts(snapshot, part, bucket),
  };
}
