// Fetches the parts of the books that a batch touches from the read models that hold them, and keeps
// them for the next batch: while nobody else writes the generation, what was written is what is there.
import { type AccountStatus } from '../../src/domain/ledger/account.js';
import {
  type AccountType,
  type Asset,
  type Freeze,
  type LedgerRules,
} from '../../src/domain/ledger/events.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { toMinorUnits } from '../../src/domain/money.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type AccountBook, type LedgerBook } from './booking.js';
import {
  type BooksSource,
  type PlaceColumns,
  assertNotBehind,
  eventPlace,
} from './books-source.js';
import { fetchTransfers } from './stored-transfers.js';
import { addressesTouched, keyIn } from './touched.js';

/** Beyond so many, all are forgotten and fetched again as they are needed. */
const ACCOUNTS_KEPT_MAX = 100_000;
const LEDGERS_KEPT_MAX = 10_000;

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
  await fetchTransfers(source, events);
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
    `SELECT ledger, name, assets, rules, closed_through::text, opened_at, revision, position, event_id
     FROM ${schema}.ledger WHERE ledger = ANY($1)`,
    [[...missing]],
  );
  for (const book of rows.map(ledgerBook)) {
    assertNotBehind(checkpoint, book.position);
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
      const key = keyIn(recorded.ledger, address);
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
    assertNotBehind(checkpoint, book.position);
    books.accounts.set(keyIn(book.ledger, book.address), book);
  }
}

interface LedgerRow extends PlaceColumns {
  ledger: string;
  name: string;
  assets: Asset[];
  rules: LedgerRules;
  closed_through: string | null;
  opened_at: Date;
}

function ledgerBook(row: LedgerRow): LedgerBook {
  return {
    id: row.ledger,
    name: row.name,
    assets: row.assets,
    rules: row.rules,
    closedThrough: row.closed_through,
    openedAt: row.opened_at.toISOString(),
    ...eventPlace(row),
  };
}

interface AccountRow extends PlaceColumns {
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
  pending_debits: string;
  pending_credits: string;
  overdraft_limit: string | null;
  balance_limit: string | null;
  metadata: Metadata;
  opened_at: Date;
  digest: string;
}

function accountBook(row: AccountRow): AccountBook {
  const sums = (debits: string, credits: string) => ({
    debits: toMinorUnits(debits, row.scale),
    credits: toMinorUnits(credits, row.scale),
  });
  return {
    ledger: row.ledger,
    address: row.address,
    type: row.type,
    currency: row.currency,
    scale: row.scale,
    status: row.status,
    freeze: row.frozen_for,
    version: Number(row.version),
    posted: sums(row.posted_debits, row.posted_credits),
    pending: sums(row.pending_debits, row.pending_credits),
    overdraftLimit: row.overdraft_limit,
    balanceLimit: row.balance_limit,
    metadata: row.metadata,
    openedAt: row.opened_at.toISOString(),
    digest: row.digest,
    ...eventPlace(row),
  };
}
