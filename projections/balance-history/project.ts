// Says when a block is complete; what is in it, Postgres adds up by itself.
import { type AccountBook, type Booking } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type RowChange, rowOf } from '../engine/table.js';
import { BALANCE_FUNCTIONS } from './functions.js';
import {
  BLOCK_LENGTH,
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
  const { recorded, accounts } = booking;
  const { ledger, revision, event } = recorded;
  const complete = accounts.filter(
    (account) => account.version % BLOCK_LENGTH < changesOf(account, booking),
  );
  const blocks = complete.map(({ address, version }) =>
    rowOf(accountBlockTable, {
      ledger,
      account: address,
      block: blockBefore(version),
      last_revision: revision,
    }),
  );
  if ((revision + 1) % BLOCK_LENGTH > 0) return blocks;
  const { recordedAt } = event.data;
  const block = blockBefore(revision + 1);
  const row = { ledger, block, last_revision: revision, recorded_at: recordedAt };
  return [...blocks, rowOf(ledgerBlockTable, row)];
}

/** Number of the last block, counted from 0, that so many changes have completed. */
function blockBefore(changes: number): number {
  return Math.floor(changes / BLOCK_LENGTH) - 1;
}

/** How often the event changed the account: of a batch, once for each transfer that names it. */
function changesOf({ address }: AccountBook, { recorded: { event } }: Booking): number {
  if (event.type !== 'BatchPosted') return 1;
  return event.data.transfers.filter(({ legs }) =>
    legs.some(({ debit, credit }) => debit === address || credit === address),
  ).length;
}
