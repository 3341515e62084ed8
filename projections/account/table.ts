import { type Table } from '../engine/table.js';

/** One row per account, with its running sums in units of its currency, always written at its scale. */
export const accountTable = {
  name: 'account',
  columns: {
    ledger: 'text',
    address: 'text',
    type: 'text',
    currency: 'text',
    scale: 'integer',
    status: 'text',
    /** The freeze of a frozen account; `freeze` itself is a word of SQL. */
    frozen_for: 'text?',
    version: 'bigint',
    balance: 'numeric',
    available: 'numeric',
    posted_debits: 'numeric',
    posted_credits: 'numeric',
    pending_debits: 'numeric',
    pending_credits: 'numeric',
    overdraft_limit: 'numeric?',
    balance_limit: 'numeric?',
    metadata: 'jsonb',
    opened_at: 'timestamptz',
    /** Of the event that last changed it. */
    recorded_at: 'timestamptz',
    /** Of its entries, in their order. */
    digest: 'text',
    revision: 'bigint',
    position: 'bigint',
    event_id: 'uuid',
  },
  key: ['ledger', 'address'],
  write: 'put',
  // None of them on what a transfer changes: an update that touches no index is cheap.
  indexes: [
    'USING gin (metadata jsonb_path_ops)',
    '(ledger, type, address)',
    '(ledger, currency, address)',
    "(ledger, status, address) WHERE status <> 'open'",
  ],
} as const satisfies Table;
