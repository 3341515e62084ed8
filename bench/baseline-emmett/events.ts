import { type Event } from '@event-driven-io/emmett';
import { type TransferRequest } from '../baseline-http/transfer.js';

export type AccountOpened = Event<
  'AccountOpened',
  {
    ledger: string;
    address: string;
    type: string;
    currency: string;
    /** In whole cents; null is without end. */
    overdraftLimit: string | null;
  }
>;

/** Changes are what is added to each balance, in whole cents. */
export type TransferPosted = Event<
  'TransferPosted',
  {
    ledger: string;
    request: TransferRequest;
    recordedAt: string;
    debitChange: string;
    creditChange: string;
  }
>;

export type BooksEvent = AccountOpened | TransferPosted;

export function ledgerStream(ledger: string): string {
  return `ledger-${ledger}`;
}
