import { type Table } from '../engine/table.js';

/** One row per request that was turned down for good: a transfer, an act on one, or an atomic batch. */
export const refusalTable = {
  name: 'refusal',
  columns: {
    ledger: 'text',
    id: 'text',
    kind: 'text',
    /** The transfer that was to be captured, voided or reversed. */
    transfer_id: 'text?',
    code: 'text',
    message: 'text',
    evidence: 'jsonb',
    /** Of a batch: each transfer that could not be made, with the reason. */
    items: 'jsonb?',
    revision: 'bigint',
    /** Null of what has no such time: voids and whole batches. */
    effective_at: 'timestamptz?',
    recorded_at: 'timestamptz',
    position: 'bigint',
    event_id: 'uuid',
  },
  key: ['ledger', 'id'],
  write: 'add',
  indexes: ['(ledger, revision)'],
} as const satisfies Table;
