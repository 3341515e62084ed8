// Fetches the parts of the books that a batch touches from the read models that hold them, and keeps
// them for the next batch: while nobody else writes the generation, what was written is what is there.
import { type ClientBase } from 'pg';
import { type AccountStatus } from '../../src/domain/ledger/account.js';
import { type AccountType, type Asset, type Freeze } from '../../src/domain/ledger/events.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { toMinorUnits } from '../../src/domain/money.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type Checkpoint, CheckpointMoved } from '../engine/checkpoint.js';
import { type AccountBook, type LedgerBook } from './booking.js';
import { type Books, accountKey, addressesTouched } from './books.js';

/** Beyond so many, all are forgotten and fetched again as they are needed. */
const ACCOUNTS_KEPT_MAX = 100_000;
const LEDGERS_KEPT_MAX = 10_000;

/** Where books are fetched from and put. */
export interface BooksSource {
  readonly database: ClientBase;
  readonly schema: string;
  readonly books: Books;
  /** What is fetched must be as it was then. */
  readonly checkpoint: Checkpoint;
}

/**
 * Puts into the books everything that is stored and that these events touch. Throws CheckpointMoved when
 * something was changed by an event behind the checkpoint, which only somebody else can have applied.
 */
export async function fetchBooks(
  source: BooksSource,
  events: readonly RecordedEvent[],
): Promise<void> {
  const { books } = source;
  if (books.accounts.size > ACCOUNTS_KEPT_MAX || books.ledgers.size > LEDGERS_KEPT_MAX) {
    books.accounts.clear();
    books.ledgers.clear();
  }
  await fetchLedgers(source, events);
  await fetchAccounts(source, events);
}

async function fetchLedgers(
  { database, schema, books, checkpoint }: BooksSource,
  events: readonly RecordedEvent[],
): Promise<void> {
  const missing = new Set(
    events.map(({ ledger }) => ledger).filter((ledger) => !books.ledgers.has(ledger)),
  );
  if (missing.size === 0) return;
  const { rows } = await database.query<LedgerRow>(
    `SELECT ledger, name, assets, opened_at, revision, position, event_id
     FROM ${schema}.ledger WHERE ledger = ANY($1)`,
    [[...missing]],
  );
  for (const book of rows.map(ledgerBook)) {
    assertNotBehind(checkpoint, book);
    books.ledgers.set(book.id, book);
  }
}

async function fetchAccounts(
  { database, schema, books, checkpoint }: BooksSource,
  events: readonly RecordedEvent[],
): Promise<void> {
  const missing = new Map<string, { ledger: string; address: string }>();
  for (const recorded of events) {
    for (const address of addressesTouched(recorded)) {
      const key = accountKey(recorded.ledger, address);
      if (!books.accounts.has(key)) missing.set(key, { ledger: recorded.ledger, address });
    }
  }
  if (missing.size === 0) return;
  const wanted = [...missing.values()];
  const { rows } = await database.query<AccountRow>(
    `SELECT account.* FROM unnest($1::text[], $2::text[]) AS wanted (ledger, address)
     JOIN ${schema}.account USING (ledger, address)`,
    [wanted.map(({ ledger }) => ledger), wanted.map(({ address }) => address)],
  );
  for (const book of rows.map(accountBook)) {
    assertNotBehind(checkpoint, book);
    books.accounts.set(accountKey(book.ledger, book.address), book);
  }
}

function assertNotBehind(
  { generation, last }: Checkpoint,
  { position }: { position: bigint },
): void {
  if (last !== undefined && position <= last.position) return;
  throw new CheckpointMoved(`generation ${generation} was written meanwhile`);
}

interface LedgerRow {
  ledger: string;
  name: string;
  assets: Asset[];
  opened_at: Date;
  revision: string;
  position: string;
  event_id: string;
}

function ledgerBook(row: LedgerRow): LedgerBook {
  return {
    id: row.ledger,
    name: row.name,
    assets: row.assets,
    openedAt: row.opened_at.toISOString(),
    revision: Number(row.revision),
    position: BigInt(row.position),
    eventId: row.event_id,
  };
}

interface AccountRow {
  ledger: string;
  address: string;
  type: AccountType;
  currency: string;
  scale: number;
  status: AccountStatus;
  frozen_for: Freeze | null;
  version: string;
  posted_debits: string;
  posted_credits: string;
  overdraft_limit: string | null;
  balance_limit: string | null;
  metadata: Metadata;
  opened_at: Date;
  revision: string;
  position: string;
  event_id: string;
}

function accountBook(row: AccountRow): AccountBook {
  return {
    ledger: row.ledger,
    address: row.address,
    type: row.type,
    currency: row.currency,
    scale: row.scale,
    status: row.status,
    freeze: row.frozen_for,
    version: Number(row.version),
    debits: toMinorUnits(row.posted_debits, row.scale),
    credits: toMinorUnits(row.posted_credits, row.scale),
    overdraftLimit: row.overdraft_limit,
    balanceLimit: row.balance_limit,
    metadata: row.metadata,
    openedAt: row.opened_at.toISOString(),
    revision: Number(row.revision),
    position: BigInt(row.position),
    eventId: row.event_id,
  };
}
