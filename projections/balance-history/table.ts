// Sums of the past, so that a balance of long ago costs no more than one of today. Entries are cut, in
// the order in which they were recorded, into blocks; of each block there are the sums up to every time at
// which something of it counts. A balance then takes one look into each block, and the few
// entries after the last.
import { type Table } from '../engine/table.js';
import { sliceTrigger } from './slices.js';

/** An account has a block for so many changes of it, a ledger for so many events. */
export const BLOCK_LENGTH = 1_024;
/** And one for so many blocks, which stands for all of them: of a million entries, few are looked into. */
export const LONG_BLOCK = 16;
export const BLOCK_LENGTHS = [BLOCK_LENGTH, LONG_BLOCK * BLOCK_LENGTH] as const;

const BLOCK_COLUMNS = {
  /** One of BLOCK_LENGTHS: the blocks of each length follow each other without gaps. */
  length: 'integer',
  block: 'integer',
  last_revision: 'bigint',
} as const;

/** One row per `length` changes of an account: it ends with the event of the last of them. */
export const accountBlockTable = {
  name: 'account_block',
  columns: { ledger: 'text', account: 'text', ...BLOCK_COLUMNS },
  key: ['ledger', 'account', 'length', 'block'],
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
              AND before.length = NEW.length AND before.block = NEW.block - 1), -1)`,
    }),
} as const satisfies Table;

const SLICE_COLUMNS = {
  length: 'integer',
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
  key: ['ledger', 'account', 'length', 'block', 'effective_from'],
  write: 'derived',
  indexes: [],
} as const satisfies Table;

/** One row per `length` events of a ledger. */
export const ledgerBlockTable = {
  name: 'ledger_block',
  columns: {
    ledger: 'text',
    ...BLOCK_COLUMNS,
    /** When the event of the last revision was. */
    recorded_at: 'timestamptz',
  },
  key: ['ledger', 'length', 'block'],
  write: 'add',
  indexes: [],
  definitions: (schema) =>
    sliceTrigger(schema, {
      blocks: 'ledger_block',
      slices: 'type_slice',
      owner: 'currency, account_type',
      entries: `SELECT currency, account_type, effective_at, side, amount FROM ${schema}.entry
        WHERE ledger = NEW.ledger AND revision <= NEW.last_revision
          AND revision > NEW.last_revision - NEW.length AND recorded_at <= NEW.recorded_at
          AND recorded_at >= coalesce((SELECT before.recorded_at FROM ${schema}.ledger_block AS before
            WHERE before.ledger = NEW.ledger AND before.length = NEW.length
              AND before.block = NEW.block - 1), '-infinity')`,
    }),
} as const satisfies Table;

/** The same for all accounts of a currency and type. */
export const typeSliceTable = {
  name: 'type_slice',
  columns: { ledger: 'text', currency: 'text', account_type: 'text', ...SLICE_COLUMNS },
  key: ['ledger', 'currency', 'account_type', 'length', 'block', 'effective_from'],
  write: 'derived',
  indexes: [],
} as const satisfies Table;
