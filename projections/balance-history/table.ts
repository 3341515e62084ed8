// Sums of the past, so that a balance of long ago costs no more than one of today. Entries are cut, in
// the order in which they were recorded, into blocks; of each block there are the sums up to every time at
// which something of it counts. A balance then takes one look into each block, and the few
// entries after the last.
import { type Table } from '../engine/table.js';
import { sliceTrigger } from './slices.js';

/** An account has a block for so many changes of it, a ledger for so many events. */
export const BLOCK_LENGTH = 1_024;

/** One row per BLOCK_LENGTH changes of an account: it ends with the event of the last of them. */
export const accountBlockTable = {
  name: 'account_block',
  columns: { ledger: 'text', account: 'text', block: 'integer', last_revision: 'bigint' },
  key: ['ledger', 'account', 'block'],
  write: 'add',
  indexes: [],
  definitions: (schema) =>
    sliceTrigger(schema, {
      blocks: 'account_block',
      slices: 'account_slice',
      owner: 'account',
      entries: `SELECT NEW.account, effective_at, side, amount FROM ${schema}.entry
        WHERE ledger = NEW.ledger AND account = NEW.account AND revision <= NEW.last_revision
          AND revision > coalesce((SELECT before.last_revision FROM ${schema}.account_block AS before
            WHERE before.ledger = NEW.ledger AND before.account = NEW.account
              AND before.block = NEW.block - 1), -1)`,
    }),
} as const satisfies Table;

const SLICE_COLUMNS = {
  block: 'integer',
  /** The first of its times. */
  effective_from: 'timestamptz',
  effective_at: 'timestamptz[]',
  /** Of the block, up to and including each of those times, whatever slice they are in. */
  debits: 'numeric[]',
  credits: 'numeric[]',
} as const;

/** A block in the order of effective times, some of them in each row. */
export const accountSliceTable = {
  name: 'account_slice',
  columns: { ledger: 'text', account: 'text', ...SLICE_COLUMNS },
  key: ['ledger', 'account', 'block', 'effective_from'],
  write: 'derived',
  indexes: [],
} as const satisfies Table;

/** One row per BLOCK_LENGTH events of a ledger. */
export const ledgerBlockTable = {
  name: 'ledger_block',
  columns: {
    ledger: 'text',
    block: 'integer',
    last_revision: 'bigint',
    /** When the event of the last revision was. */
    recorded_at: 'timestamptz',
  },
  key: ['ledger', 'block'],
  write: 'add',
  indexes: [],
  definitions: (schema) =>
    sliceTrigger(schema, {
      blocks: 'ledger_block',
      slices: 'type_slice',
      owner: 'currency, account_type',
      entries: `SELECT currency, account_type, effective_at, side, amount FROM ${schema}.entry
        WHERE ledger = NEW.ledger AND revision <= NEW.last_revision
          AND revision > NEW.last_revision - ${BLOCK_LENGTH} AND recorded_at <= NEW.recorded_at
          AND recorded_at >= coalesce((SELECT before.recorded_at FROM ${schema}.ledger_block AS before
            WHERE before.ledger = NEW.ledger AND before.block = NEW.block - 1), '-infinity')`,
    }),
} as const satisfies Table;

/** The same for all accounts of a currency and type. */
export const typeSliceTable = {
  name: 'type_slice',
  columns: { ledger: 'text', currency: 'text', account_type: 'text', ...SLICE_COLUMNS },
  key: ['ledger', 'currency', 'account_type', 'block', 'effective_from'],
  write: 'derived',
  indexes: [],
} as const satisfies Table;
