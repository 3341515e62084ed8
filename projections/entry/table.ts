import { type Table } from '../engine/table.js';

/** One row per leg and side of a posted transfer, with the account's balance right after it. */
export const entryTable = {
  name: 'entry',
  columns: {
    ledger: 'text',
    account: 'text',
    revision: 'bigint',
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
  key: ['ledger', 'account', 'revision', 'leg'],
  write: 'add',
  indexes: [],
} as const satisfies Table;
