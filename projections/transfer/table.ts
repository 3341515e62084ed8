import { type Table } from '../engine/table.js';

/** One row per transfer decided, alone or in a batch; `revision` is where. Its state may change later. */
export const transferTable = {
  name: 'transfer',
  columns: {
    ledger: 'text',
    id: 'text',
    revision: 'bigint',
    /** The atomic batch that it was made in, and its place there; 0 when there is none. */
    batch_id: 'text?',
    batch_index: 'integer',
    state: 'text',
    legs: 'jsonb',
    /** What is held, was posted and was reversed of each leg. */
    totals: 'jsonb',
    effective_at: 'timestamptz',
    recorded_at: 'timestamptz',
    reference: 'text?',
    description: 'text?',
    metadata: 'jsonb',
    conditions: 'jsonb?',
    pending: 'jsonb?',
    /** The same time as in `pending`. */
    expires_at: 'timestamptz?',
    reverses: 'jsonb?',
    exchange: 'jsonb?',
    refusal: 'jsonb?',
    position: 'bigint',
    event_id: 'uuid',
    /** Of the last event that changed its state or totals. */
    state_position: 'bigint',
  },
  key: ['ledger', 'id'],
  write: 'revise',
  indexes: [
    '(ledger, revision, batch_index)',
    // For states that few transfers are in, and for a state that none is in.
    "(ledger, state, revision, batch_index) WHERE state <> 'posted'",
    '(ledger, effective_at, revision, batch_index)',
    '(ledger, batch_id, batch_index) WHERE batch_id IS NOT NULL',
    '(ledger, reference, revision) WHERE reference IS NOT NULL',
    "(ledger, expires_at) WHERE state = 'pending' AND expires_at IS NOT NULL",
    'USING gin (metadata jsonb_path_ops)',
  ],
} as const satisfies Table;

/** Which transfers named an account, whatever became of them: finds an account's transfers in order. */
export const transferAccountTable = {
  name: 'transfer_account',
  columns: { ledger: 'text', account: 'text', revision: 'bigint', batch_index: 'integer' },
  key: ['ledger', 'account', 'revision', 'batch_index'],
  write: 'add',
  indexes: [],
} as const satisfies Table;

/** One row per act on a transfer: capture, void, reversal or expiry. */
export const transferActTable = {
  name: 'transfer_act',
  columns: {
    ledger: 'text',
    transfer_id: 'text',
    revision: 'bigint',
    /** Of a reversal, that of the transfer that reverses; an expiry has none. */
    id: 'text?',
    kind: 'text',
    /** What moved, and what is free again without having moved: shares of the legs. */
    legs: 'jsonb',
    released: 'jsonb',
    /** Of a capture: whether it released the rest. */
    is_final: 'boolean?',
    reason: 'text?',
    /** Null when nothing moved. */
    effective_at: 'timestamptz?',
    recorded_at: 'timestamptz',
    description: 'text?',
    metadata: 'jsonb?',
    /** Of each leg of the transfer, right after the act. */
    totals: 'jsonb',
    position: 'bigint',
    event_id: 'uuid',
  },
  // A transfer is acted on once by an event.
  key: ['ledger', 'transfer_id', 'revision'],
  write: 'add',
  indexes: [],
} as const satisfies Table;
