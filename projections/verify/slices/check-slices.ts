// Slices are not made from events but from entries, by Postgres: so they are held against the entries of
// the same snapshot, which are held against the log.
import { type Table } from '../../engine/table.js';
import { type Finding } from '../finding.js';
import { type StoredGeneration } from '../rows/stored-rows.js';
import {
  type BlockRow,
  type DifferingRow,
  SLICE_KINDS,
  type SliceKind,
  blocksSql,
  differencesSql,
  strayingSql,
} from './slice-kinds.js';

/** Blocks that one statement looks at are so long together, or are a single one. */
const LENGTH_AT_ONCE = 16_384;
const STRAYING_MAX = 100;

export interface CheckSlicesOptions {
  /** Others than those of slices are passed over. */
  readonly tables: readonly Table[];
  /** All of them when undefined. */
  readonly ledger: string | undefined;
  /** Of the ledger; all of them, and sums by type, when undefined. */
  readonly accounts?: readonly string[];
  readonly signal: AbortSignal;
  readonly tell: (finding: Finding) => void;
}

/** Throws the reason of the signal, or what Postgres says. */
export async function checkSlices(
  stored: StoredGeneration,
  options: CheckSlicesOptions,
): Promise<void> {
  for (const kind of SLICE_KINDS) {
    if (options.tables.includes(kind.slices)) await checkKind(stored, kind, options);
  }
}

async function checkKind(
  { database, schema }: StoredGeneration,
  kind: SliceKind,
  { ledger, accounts, signal, tell }: CheckSlicesOptions,
): Promise<void> {
  const which = [ledger ?? null, accounts ?? null];
  const { rows: blocks } = await database.query<BlockRow>(blocksSql(schema, kind), which);
  const sql = differencesSql(schema, kind);
  for (const some of parted(blocks)) {
    signal.throwIfAborted();
    const { rows } = await database.query<DifferingRow>(sql, columnsOf(some));
    for (const row of rows) tell(findingOf(kind, row));
  }
  const straying = strayingSql(schema, kind);
  const { rows } = await database.query<DifferingRow>(straying, [...which, STRAYING_MAX]);
  for (const row of rows) tell(findingOf(kind, row));
}

function* parted(blocks: readonly BlockRow[]): Generator<BlockRow[]> {
  let part: BlockRow[] = [];
  let total = 0;
  for (const block of blocks) {
    if (total + block.length > LENGTH_AT_ONCE && part.length > 0) {
      yield part;
      [part, total] = [[], 0];
    }
    part.push(block);
    total += block.length;
  }
  if (part.length > 0) yield part;
}

function columnsOf(blocks: readonly BlockRow[]): unknown[] {
  return [
    blocks.map(({ ledger }) => ledger),
    blocks.map(({ account }) => account),
    blocks.map(({ length }) => length),
    blocks.map(({ block }) => block),
    blocks.map((row) => row.last_revision),
    blocks.map((row) => row.after_revision),
    blocks.map((row) => row.recorded_at),
    blocks.map((row) => row.recorded_after),
  ];
}

function findingOf({ slices }: SliceKind, row: DifferingRow): Finding {
  const { ledger, account, key, revision, expected, found } = row;
  return {
    ...{ check: 'rows', ledger, account, table: slices.name, key },
    // The block ends there.
    ...{ revision: revision === null ? null : Number(revision), eventId: null },
    what: 'sums of the entries in its block',
    ...{ expected: expected ?? 'none', found: found ?? 'none' },
  };
}
