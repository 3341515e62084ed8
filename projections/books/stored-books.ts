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
import { type Position } from '../../src/event-store/event-store.js';
import { type AccountBook, type EventPlace, type LedgerBook } from './booking.js';
import {
  type BooksSource,
  type PlaceColumns,
  assertNotBehind,
  eventPlace,
} from './books-source.js';
import { fetchTransfers } from './stored-transfers.js';
import { type Books, type Touches, keyIn } from './touched.js';

/** Beyond so many, those that are stored are forgotten, and fetched again as they are needed. */
const ACCOUNTS_KEPT_MAX = 100_000;
const LEDGERS_KEPT_MAX = 10_000;

/**
 * Puts into the books everything that is stored and that events touch. What was booked and is not
 * stored yet is in the books, so that whatever is missing there is not about to change. Throws
 * CheckpointMoved when something was changed by an event behind the checkpoint, which only somebody else
 * can have applied.
 */
export async function fetchBooks(source: BooksSource, touches: readonly Touches[]): Promise<void> {
  await fetchAccounts(source, touches);
  await fetchTransfers(source, touches);
}

/** Makes room in books stored up to a position. Of transfers none is kept: most are never acted on. */
export function forgetStored({ ledgers, accounts, transfers }: Books, upTo: Position): void {
  forget(transfers, ({ statePosition }) => statePosition <= upTo);
  const isStored = ({ position }: EventPlace) => position <= upTo;
  if (accounts.size > ACCOUNTS_KEPT_MAX) forget(accounts, isStored);
  if (ledgers.size > LEDGERS_KEPT_MAX) forget(ledgers, isStored);
}

function forget<T>(books: Map<string, T>, isForgotten: (book: T) => boolean): void {
  for (const [key, book] of books) if (isForgotten(book)) books.delete(key);
}

/** An account, or a ledger when there is no address. */
interface Wanted {
  readonly ledger: string;
  readonly address: string | null;
}

// Ledgers too, for what a batch needs takes one round trip.
async function fetchAccounts(
  { database, schema, books, checkpoint }: BooksSource,
  touches: readonly Touches[],
): Promise<void> {
  const wanted = [...missing(books, touches).values()];
  if (wanted.length === 0) return;
  const { rows } = await database.query<LedgerRow | AccountRow>(
    `SELECT coalesce(a.ledger, l.ledger) AS ledger, name, assets, rules, closed_through::text,
       address, type, currency, scale, status, frozen_for, version, posted_debits, posted_credits,
       pending_debits, pending_credits, overdraft_limit, balance_limit, metadata, digest,
       coalesce(a.opened_at, l.opened_at) AS opened_at, coalesce(a.revision, l.revision) AS revision,
       coalesce(a.position, l.position) AS position, coalesce(a.event_id, l.event_id) AS event_id
     FROM unnest($1::text[], $2::text[]) AS wanted (in_ledger, account)
     LEFT JOIN ${schema}.account AS a ON a.ledger = in_ledger AND a.address = wanted.account
     LEFT JOIN ${schema}.ledger AS l ON l.ledger = in_ledger AND wanted.account IS NULL
     WHERE a.ledger IS NOT NULL OR l.ledger IS NOT NULL`,
    [wanted.map(({ ledger }) => ledger), wanted.map(({ address }) => address)],
  );
  for (const row of rows) {
    assertNotBehind(checkpoint, BigInt(row.position));
    if (row.address === null) books.ledgers.set(row.ledger, ledgerBook(row));
    else books.accounts.set(keyIn(row.ledger, row.address), accountBook(row));
  }
}

/** By ledger, or by ledger and address. */
function missing(books: Books, touches: readonly Touches[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const { ledger, addresses } of touches) {
    if (!books.ledgers.has(ledger)) wanted.set(ledger, { ledger, address: null });
    for (const address of addresses) {
      const key = keyIn(ledger, address);
      if (!books.accounts.has(key)) wanted.set(key, { ledger, address });
    }
  }
  return wanted;
}

interface LedgerRow extends PlaceColumns {
  ledger: string;
  address: null;
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
