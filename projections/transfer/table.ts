import { type Table } from '../engine/table.js';

/** One row per transfer decided, posted or refused. */
export const transferTable = {
  name: 'transfer',
  columns: {
    ledger: 'text',
    id: 'text',
    revision: 'bigint',
    state: 'text',
    legs: 'jsonb',
    effective_at: 'timestamptz',
    recorded_at: 'timestamptz',
    reference: 'text?',
    description: 'text?',
    metadata: 'jsonb',
    refusal: 'jsonb?',
    position: 'bigint',
    event_id: 'uuid',
  },
  key: ['ledger', 'id'],
  write: 'add',
  indexes: [
    '(ledger, revision)',
    '(ledger, reference, revision) WHERE reference IS NOT NULL',
    'USING gin (metadata jsonb_path_ops)',
  ],
} as const satisfies Table;

/** Which transfers named an account, whatever became of them: finds an account's transfers in order. */
export const transferAccountTable = {
  name: 'transfer_account',
  columns: { ledger: 'text', account: 'text', revision: 'bigint' },
  key: ['ledger', 'account', 'revision'],
  write: 'add',
  indexes: [],
} as const satisfies Table;
