// Which part of the books an event is about: what has to be there before it can be booked.
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type AccountBook, type LedgerBook, type TransferBook } from './booking.js';

/** The parts of the books that events are about to touch. */
export interface Books {
  readonly ledgers: Map<string, LedgerBook>;
  /** By `keyIn` their ledger. */
  readonly accounts: Map<string, AccountBook>;
  readonly transfers: Map<string, TransferBook>;
}

export function emptyBooks(): Books {
  return { ledgers: new Map(), accounts: new Map(), transfers: new Map() };
}

/** Of an account by its address, of a transfer by its id. Ledger ids have no slash. */
export function keyIn(ledger: string, name: string): string {
  return `${ledger}/${name}`;
}

/** What has to be there of the books of a ledger before its event can be booked. */
export interface Touches {
  readonly ledger: string;
  readonly addresses: readonly string[];
  readonly transfer: string | undefined;
}

export function touchesOf(recorded: RecordedEvent): Touches {
  const addresses = addressesTouched(recorded);
  return { ledger: recorded.ledger, addresses, transfer: transferTouched(recorded) };
}

/** The addresses of the accounts that the event changes, as often as it names them. */
export function addressesTouched({ event }: RecordedEvent): string[] {
  switch (event.type) {
    case 'AccountOpened':
    case 'AccountChanged':
    case 'AccountFrozen':
    case 'AccountUnfrozen':
    case 'AccountClosed':
      return [event.data.address];
    case 'TransferPosted':
    case 'TransferHeld':
      return accountsOf(event.data.legs);
    case 'TransferCaptured':
      return accountsOf([...event.data.legs, ...event.data.released]);
    case 'TransferVoided':
    case 'TransferExpired':
      return accountsOf(event.data.released);
    case 'BatchPosted':
      return event.data.transfers.flatMap(({ legs }) => accountsOf(legs));
    case 'LedgerOpened':
    case 'PeriodClosed':
    case 'PeriodReopened':
    case 'TransferRefused':
    case 'CaptureRefused':
    case 'VoidRefused':
    case 'BatchRefused':
      return [];
  }
}

/** The id of the transfer, decided before, that the event acts on. */
export function transferTouched({ event }: RecordedEvent): string | undefined {
  switch (event.type) {
    case 'TransferCaptured':
    case 'TransferVoided':
    case 'TransferExpired':
      return event.data.transfer;
    case 'TransferPosted':
      return event.data.reverses?.transfer;
    default:
      return undefined;
  }
}

function accountsOf(legs: readonly { readonly debit: string; readonly credit: string }[]) {
  const addresses: string[] = [];
  for (const { debit, credit } of legs) addresses.push(debit, credit);
  return addresses;
}
