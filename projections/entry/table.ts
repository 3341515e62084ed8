import { type Table } from '../engine/table.js';

/** One row per side of each leg posted, with the account's balance right after it. */
export const entryTable = {
  name: 'entry',
  columns: {
    ledger: 'text',
    account: 'text',
    /** Of the account, so that sums by type need not look for it. */
    account_type: 'text',
    revision: 'bigint',
    /** Place of the transfer in its batch; 0 when the event is not about a batch. */
    batch_index: 'integer',
    leg: 'integer',
    side: 'text',
    transfer_id: 'text',
    amount: 'numeric',
    currency: 'text',
    balance: 'numeric',
    counterparty: 'text',
    effective_at: 'timestamptz',
    recorded_at: 'timestamptz',
    description: 'text?',
    position: 'bigint',
    event_id: 'uuid',
  },
  // A leg touches an account on one side only.
  key: ['ledger', 'account', 'revision', 'batch_index', 'leg'],
  write: 'add',
  indexes: [
    // Statements are in the order in which entries count.
    '(ledger, account, effective_at, revision)',
    // What was recorded by then, and what since.
    '(ledger, recorded_at, revision)',
  ],
} as const satisfies Table;
