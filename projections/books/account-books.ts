// Accounts as the read side keeps them: opened and changed, and what is on them.
import { scaleAmong } from '../../src/domain/currencies.js';
import { onNormalSide } from '../../src/domain/ledger/account.js';
import {
  type AccountEvent,
  type AccountOpened,
  normalSide,
} from '../../src/domain/ledger/events.js';
import { type MinorUnits } from '../../src/domain/money.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type AccountBook, type EventPlace, type LedgerBook } from './booking.js';
import { EMPTY_DIGEST } from './digest.js';
import { type Books, keyIn } from './touched.js';
import { violation } from './violation.js';

export function placeOf({ revision, position, id }: RecordedEvent): EventPlace {
  return { revision, position, eventId: id };
}

/** What is on the account, counted on its normal side. */
export function balanceOf(account: AccountBook): MinorUnits {
  return onNormalSide(account.type, account.posted);
}

/** The balance less what pending transfers may still take away. */
export function availableOf(account: AccountBook): MinorUnits {
  const { debits, credits } = account.pending;
  return balanceOf(account) - (normalSide(account.type) === 'debit' ? credits : debits);
}

export function openedAccount(
  books: Books,
  ledger: LedgerBook,
  recorded: RecordedEvent,
  data: AccountOpened['data'],
): AccountBook {
  const { address, currency } = data;
  if (books.accounts.has(keyIn(ledger.id, address))) {
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
    posted: { debits: 0n, credits: 0n },
    pending: { debits: 0n, credits: 0n },
    overdraftLimit: data.overdraftLimit,
    balanceLimit: data.balanceLimit,
    metadata: data.metadata,
    openedAt: data.recordedAt,
    digest: EMPTY_DIGEST,
    ...placeOf(recorded),
  };
}

export function changedAccount(
  books: Books,
  recorded: RecordedEvent,
  event: AccountEvent,
): AccountBook {
  const { address, version } = event.data;
  const account = livingAccount(books, recorded, address);
  if (version !== account.version + 1) {
    throw violation(
      recorded,
      `it records ${address} at version ${version} after ${account.version}`,
    );
  }
  if (event.type === 'AccountClosed') {
    const { pending } = account;
    if (balanceOf(account) !== 0n) throw violation(recorded, `${address} has a balance`);
    if (pending.debits + pending.credits !== 0n) throw violation(recorded, `${address} has holds`);
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

/** What legs change of an account. */
export type Running = Pick<AccountBook, 'posted' | 'pending' | 'digest'>;

/**
 * The account after a leg. Written out field by field: it is done for both sides of every leg, and a
 * spread of so many fields takes twenty times as long.
 */
export function afterLeg(
  account: AccountBook,
  version: number,
  { posted, pending, digest }: Running,
  { revision, position, id: eventId }: RecordedEvent,
): AccountBook {
  return {
    ledger: account.ledger,
    address: account.address,
    type: account.type,
    currency: account.currency,
    scale: account.scale,
    status: account.status,
    freeze: account.freeze,
    version,
    posted,
    pending,
    overdraftLimit: account.overdraftLimit,
    balanceLimit: account.balanceLimit,
    metadata: account.metadata,
    openedAt: account.openedAt,
    digest,
    revision,
    position,
    eventId,
  };
}

/** An account that was opened and not closed. */
export function livingAccount(books: Books, recorded: RecordedEvent, address: string): AccountBook {
  const account = books.accounts.get(keyIn(recorded.ledger, address));
  if (!account) throw violation(recorded, `account ${address} was never opened`);
  if (account.status === 'closed') throw violation(recorded, `account ${address} was closed`);
  return account;
}
