// Adds events up to balances, independently of the write side, and checks each against what the
// event recorded: two ways to the same number. Holds only the part of the books that is needed.
import { scaleAmong } from '../../src/domain/currencies.js';
import { InvariantViolation } from '../../src/domain/errors.js';
import { onNormalSide } from '../../src/domain/ledger/account.js';
import {
  type AccountEvent,
  type AccountOpened,
  type LedgerOpened,
} from '../../src/domain/ledger/events.js';
import { type Leg, type TransferPosted } from '../../src/domain/ledger/transfer-events.js';
import { type MinorUnits, formatAmount, toMinorUnits } from '../../src/domain/money.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type AccountBook, type Booking, type LedgerBook, type Movement } from './booking.js';

/** The parts of the books that events are about to touch. */
export interface Books {
  readonly ledgers: Map<string, LedgerBook>;
  /** By `accountKey`. */
  readonly accounts: Map<string, AccountBook>;
}

export function emptyBooks(): Books {
  return { ledgers: new Map(), accounts: new Map() };
}

/** Ledger ids have no slash. */
export function accountKey(ledger: string, address: string): string {
  return `${ledger}/${address}`;
}

/** The addresses of the accounts that must be in the books before the event can be booked. */
export function addressesTouched({ event }: RecordedEvent): string[] {
  switch (event.type) {
    case 'AccountOpened':
    case 'AccountChanged':
    case 'AccountFrozen':
    case 'AccountUnfrozen':
    case 'AccountClosed':
      return [event.data.address];
    case 'TransferPosted':
      return event.data.legs.flatMap(({ debit, credit }) => [debit, credit]);
    default:
      return [];
  }
}

/**
 * Books one event. Throws InvariantViolation, and leaves the books as they were, when the event cannot
 * follow from what went before: a gap, an unknown account, a balance that the sums do not give.
 */
export function book(books: Books, recorded: RecordedEvent): Booking {
  const booking = bookingOf(books, recorded);
  books.ledgers.set(booking.ledger.id, booking.ledger);
  for (const account of booking.accounts) {
    books.accounts.set(accountKey(account.ledger, account.address), account);
  }
  return booking;
}

function bookingOf(books: Books, recorded: RecordedEvent): Booking {
  const { event } = recorded;
  if (event.type === 'LedgerOpened') {
    return bookingWith(recorded, openedLedger(books, recorded, event.data));
  }
  const ledger = nextRevision(books, recorded);
  switch (event.type) {
    case 'AccountOpened':
      return bookingWith(recorded, ledger, [openedAccount(books, ledger, recorded, event.data)]);
    case 'AccountChanged':
    case 'AccountFrozen':
    case 'AccountUnfrozen':
    case 'AccountClosed':
      return bookingWith(recorded, ledger, [changedAccount(books, recorded, event)]);
    case 'TransferPosted':
      return postedTransfer(books, ledger, recorded, event.data);
    case 'TransferRefused':
    case 'CaptureRefused':
    case 'VoidRefused':
    case 'BatchRefused':
    case 'PeriodClosed':
    case 'PeriodReopened':
      return bookingWith(recorded, ledger);
    default:
      throw violation(recorded, `the type ${event.type} is not known`);
  }
}

function bookingWith(
  recorded: RecordedEvent,
  ledger: LedgerBook,
  accounts: readonly AccountBook[] = [],
  movements: readonly Movement[] = [],
): Booking {
  return { recorded, ledger, accounts, movements };
}

function placeOf({ revision, position, id }: RecordedEvent) {
  return { revision, position, eventId: id };
}

function openedLedger(
  books: Books,
  recorded: RecordedEvent,
  { ledger: id, name, assets, recordedAt }: LedgerOpened['data'],
): LedgerBook {
  if (id !== recorded.ledger) throw violation(recorded, `it opens another ledger, "${id}"`);
  if (books.ledgers.has(id)) throw violation(recorded, 'the ledger is open already');
  if (recorded.revision !== 0) throw violation(recorded, 'events before it are missing');
  return { id, name, assets, openedAt: recordedAt, ...placeOf(recorded) };
}

function nextRevision(books: Books, recorded: RecordedEvent): LedgerBook {
  const ledger = books.ledgers.get(recorded.ledger);
  const last = ledger?.revision ?? -1;
  if (!ledger || recorded.revision !== last + 1) {
    throw violation(recorded, `it does not follow revision ${last}, the last one applied`);
  }
  return { ...ledger, ...placeOf(recorded) };
}

function openedAccount(
  books: Books,
  ledger: LedgerBook,
  recorded: RecordedEvent,
  data: AccountOpened['data'],
): AccountBook {
  const { address, currency } = data;
  if (books.accounts.has(accountKey(ledger.id, address))) {
    throw violation(recorded, `account ${address} is open already`);
  }
  const scale = scaleAmong(ledger.assets, currency);
  if (scale === undefined) throw violation(recorded, `currency ${currency} is not known`);
  return {
    ledger: ledger.id,
    address,
    type: data.type,
    currency,
    scale,
    status: 'open',
    freeze: null,
    version: 1,
    debits: 0n,
    credits: 0n,
    overdraftLimit: data.overdraftLimit,
    balanceLimit: data.balanceLimit,
    metadata: data.metadata,
    openedAt: data.recordedAt,
    ...placeOf(recorded),
  };
}

function changedAccount(books: Books, recorded: RecordedEvent, event: AccountEvent): AccountBook {
  const { address, version } = event.data;
  const account = livingAccount(books, recorded, address);
  if (version !== account.version + 1) {
    throw violation(
      recorded,
      `it records ${address} at version ${version} after ${account.version}`,
    );
  }
  if (event.type === 'AccountClosed' && balanceOf(account) !== 0n) {
    throw violation(recorded, `it closes ${address}, which has a balance`);
  }
  return { ...account, ...changesBy(event), version, ...placeOf(recorded) };
}

/** What an event says of the account, other than that it was changed. */
function changesBy(event: AccountEvent): Partial<AccountBook> {
  switch (event.type) {
    case 'AccountChanged':
      return event.data.changes;
    case 'AccountFrozen':
      return { status: 'frozen', freeze: event.data.freeze };
    case 'AccountUnfrozen':
      return { status: 'open', freeze: null };
    case 'AccountClosed':
      return { status: 'closed', freeze: null };
  }
}

/** An account that was opened and not closed. */
function livingAccount(books: Books, recorded: RecordedEvent, address: string): AccountBook {
  const account = books.accounts.get(accountKey(recorded.ledger, address));
  if (!account) throw violation(recorded, `account ${address} was never opened`);
  if (account.status === 'closed') throw violation(recorded, `account ${address} was closed`);
  return account;
}

function postedTransfer(
  books: Books,
  ledger: LedgerBook,
  recorded: RecordedEvent,
  data: TransferPosted['data'],
): Booking {
  const touched = new Map<string, AccountBook>();
  const place = placeOf(recorded);
  const accountFor = (address: string, leg: Leg): AccountBook => {
    const seen = touched.get(address);
    const account = seen ?? livingAccount(books, recorded, address);
    if (account.currency !== leg.currency) {
      throw violation(recorded, `account ${address} does not keep ${leg.currency}`);
    }
    return seen ?? { ...account, ...place, version: account.version + 1 };
  };
  const movements = data.legs.flatMap((leg, index) => {
    const debited = accountFor(leg.debit, leg);
    const units = toMinorUnits(leg.amount, debited.scale);
    if (units <= 0n) throw violation(recorded, `leg ${index} moves ${leg.amount}`);
    const afterDebit = { ...debited, debits: debited.debits + units };
    touched.set(leg.debit, afterDebit);
    const credited = accountFor(leg.credit, leg);
    const afterCredit = { ...credited, credits: credited.credits + units };
    touched.set(leg.credit, afterCredit);
    return [
      movementOf(leg, { leg: index, side: 'debit', counterparty: leg.credit }, afterDebit),
      movementOf(leg, { leg: index, side: 'credit', counterparty: leg.debit }, afterCredit),
    ];
  });
  checkBalances(recorded, data, touched);
  return bookingWith(recorded, ledger, [...touched.values()], movements);
}

function movementOf(
  { amount, currency }: Leg,
  place: Pick<Movement, 'leg' | 'side' | 'counterparty'>,
  after: AccountBook,
): Movement {
  const balance = formatAmount(balanceOf(after), after.scale);
  return { ...place, account: after.address, amount, currency, balance };
}

/** What is on the account, counted on its normal side. */
export function balanceOf(account: AccountBook): MinorUnits {
  return onNormalSide(account.type, account);
}

// Every account touched must be recorded, and none else, at the version and balance arrived at here.
function checkBalances(
  recorded: RecordedEvent,
  { balances }: TransferPosted['data'],
  touched: ReadonlyMap<string, AccountBook>,
): void {
  for (const { account: address, version, balance } of balances) {
    const account = touched.get(address);
    const computed = account && formatAmount(balanceOf(account), account.scale);
    if (account?.version === version && computed === balance) continue;
    throw violation(
      recorded,
      `it records ${address} at version ${version} with ${balance}; the sum of the log is ` +
        `version ${account?.version} with ${computed}`,
    );
  }
  if (new Set(balances.map(({ account }) => account)).size !== touched.size) {
    throw violation(recorded, 'it does not record the balance of every account it moves');
  }
}

function violation(recorded: RecordedEvent, reason: string): InvariantViolation {
  const { ledger, revision, position, id } = recorded;
  return new InvariantViolation(
    `Event ${id} of ledger ${ledger} (revision ${revision}, position ${position}) cannot be applied: ${reason}`,
  );
}
