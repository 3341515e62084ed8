// The accounts that an event touched, as they are after it.
import { formatAmount } from '../../src/domain/money.js';
import { type AccountBook, type Booking } from '../books/booking.js';
import { keyIn } from '../books/touched.js';
import { availableOf, balanceOf } from '../books/account-books.js';
import { type ReadModel } from '../engine/read-model.js';
import { type Row, type RowChange, latestRow } from '../engine/table.js';
import { accountTable } from './table.js';
import { accountBalanceView, accountView } from './views.js';

export const accountReadModel: ReadModel = {
  name: 'account',
  tables: [accountTable],
  views: [accountView, accountBalanceView],
  project,
};

function project({ recorded, accounts }: Booking): RowChange[] {
  const { recordedAt } = recorded.event.data;
  return accounts.map((account) =>
    latestRow(accountTable, keyIn(account.ledger, account.address), () =>
      accountRow(account, recordedAt),
    ),
  );
}

function accountRow(account: AccountBook, recordedAt: string): Row<typeof accountTable> {
  const written = (units: bigint) => formatAmount(units, account.scale);
  return {
    ledger: account.ledger,
    address: account.address,
    type: account.type,
    currency: account.currency,
    scale: account.scale,
    status: account.status,
    frozen_for: account.freeze,
    version: account.version,
    balance: written(balanceOf(account)),
    available: written(availableOf(account)),
    posted_debits: written(account.posted.debits),
    posted_credits: written(account.posted.credits),
    pending_debits: written(account.pending.debits),
    pending_credits: written(account.pending.credits),
    overdraft_limit: account.overdraftLimit,
    balance_limit: account.balanceLimit,
    metadata: JSON.stringify(account.metadata),
    opened_at: account.openedAt,
    recorded_at: recordedAt,
    digest: account.digest,
    revision: account.revision,
    position: account.position.toString(),
    event_id: account.eventId,
  };
}
