import { type Table } from '../engine/table.js';

/** One row per ledger: what it was opened with, what is closed, and how far it has been applied. */
export const ledgerTable = {
  name: 'ledger',
  columns: {
    ledger: 'text',
    name: 'text',
    assets: 'jsonb',
    rules: 'jsonb',
    closed_through: 'date?',
    opened_at: 'timestamptz',
    /** Of the last event applied. */
    recorded_at: 'timestamptz',
    revision: 'bigint',
    position: 'bigint',
    event_id: 'uuid',
  },
  key: ['ledger'],
  write: 'put',
  indexes: [],
} as const satisfies Table;
