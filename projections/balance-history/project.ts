// Says when a block is complete; what is in it, Postgres adds up by itself.
import { type AccountBook, type Booking } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type RowChange, rowOf } from '../engine/table.js';
import { BALANCE_FUNCTIONS } from './functions.js';
import {
  BLOCK_LENGTHS,
  accountBlockTable,
  accountSliceTable,
  ledgerBlockTable,
  typeSliceTable,
} from './table.js';
import { accountBalanceDayView, trialBalanceView } from './views.js';

export const balanceHistoryReadModel: ReadModel = {
  name: 'balance-history',
  tables: [accountBlockTable, accountSliceTable, ledgerBlockTable, typeSliceTable],
  views: [accountBalanceDayView, trialBalanceView],
  functions: BALANCE_FUNCTIONS,
  project,
};

function project(booking: Booking): RowChange[] {
  return BLOCK_LENGTHS.flatMap((length) => [
    ...accountBlocks(booking, length),
    ...ledgerBlock(booking, length),
  ]);
}

function accountBlocks(booking: Booking, length: number): RowChange[] {
  const { ledger, revision } = booking.recorded;
  const complete = booking.accounts.filter(
    (account) => account.version % length < changesOf(account, booking),
  );
  return complete.map(({ address, version }) => {
    const block = { length, block: blockBefore(version, length), last_revision: revision };
    return rowOf(accountBlockTable, { ledger, account: address, ...block });
  });
}

function ledgerBlock({ recorded }: Booking, length: number): RowChange[] {
  const { ledger, revision, event } = recorded;
  if ((revision + 1) % length > 0) return [];
  const { recordedAt } = event.data;
  const block = { length, block: blockBefore(revision + 1, length), last_revision: revision };
  return [rowOf(ledgerBlockTable, { ledger, ...block, recorded_at: recordedAt })];
}

/** Number of the last block, counted from 0, that so many changes have completed. */
function blockBefore(changes: number, length: number): number {
  return Math.floor(changes / length) - 1;
}

/** How often the event changed the account: of a batch, once for each transfer that names it. */
function changesOf({ address }: AccountBook, { recorded: { event } }: Booking): number {
  if (event.type !== 'BatchPosted') return 1;
  return event.data.transfers.filter(({ legs }) =>
    legs.some(({ debit, credit }) => debit === address || credit === address),
  ).length;
}
