// Writes what a batch came to. Rows, parked lanes and checkpoint are one statement, and so one transaction
// and one round trip: either the checkpoint moves and every row is written, or nothing happens at all.
import { type ClientBase } from 'pg';
import {
  ADVANCE_CHECKPOINT,
  ADVANCE_PARAMETERS,
  type Checkpoint,
  CheckpointMoved,
  advanceParameters,
} from './checkpoint.js';
import { type LaneChanges, LANE_PARAMETERS, changeLanes, laneParameters } from './lanes.js';
import { type RowChange, type Table, columnArrays, insertRows } from './table.js';

export interface BatchWriter {
  /** Throws CheckpointMoved, or what Postgres says. */
  write(
    database: ClientBase,
    changes: readonly RowChange[],
    step: { from: Checkpoint; to: Checkpoint; lanes: LaneChanges },
  ): Promise<void>;
}

export function batchWriter(schema: string, tables: readonly Table[]): BatchWriter {
  const parts = tables.flatMap(partsOf);
  const text = batchStatement(schema, parts);
  // The name lets the server keep the plan; it is told by the schema, of which a session writes few.
  const name = `write ${schema}`;
  return {
    async write(database, changes, { from, to, lanes }) {
      const rows = rowsByTable(changes);
      const values = [
        ...advanceParameters(from, to),
        ...laneParameters(lanes),
        ...parts.flatMap(({ table, rows: which }) =>
          columnArrays(table, rows.get(table)?.[which] ?? []),
        ),
      ];
      const written = await database.query({ name, text, values });
      if (written.rowCount === 1) return;
      throw new CheckpointMoved(`the checkpoint of ${schema} is no longer where it was read`);
    },
  };
}

/** The rows of one table that are written in the same way. */
interface Part {
  readonly table: Table;
  readonly rows: keyof TableRows;
}

function partsOf(table: Table): Part[] {
  switch (table.write) {
    case 'add':
      return [{ table, rows: 'added' }];
    case 'put':
      return [{ table, rows: 'put' }];
    case 'revise':
      return [
        { table, rows: 'added' },
        { table, rows: 'put' },
      ];
    case 'derived':
      return [];
  }
}

function batchStatement(schema: string, parts: readonly Part[]): string {
  const lanes = changeLanes(ADVANCE_PARAMETERS + 1);
  let firstParameter = ADVANCE_PARAMETERS + LANE_PARAMETERS + 1;
  const inserts = parts.map(({ table, rows }) => {
    const insertion = { firstParameter, onlyIf: 'advanced', replacing: rows === 'put' };
    firstParameter += Object.keys(table.columns).length;
    return `, ${table.name}_${rows} AS (${insertRows(schema, table, insertion)})`;
  });
  return `WITH advanced AS (${ADVANCE_CHECKPOINT})${lanes}${inserts.join('')}
    SELECT generation FROM advanced`;
}

type Row = RowChange['row'];

interface TableRows {
  readonly added: Row[];
  readonly put: Row[];
}

/** What is written to each table: of several rows to be put under one key, the last for all. */
export function rowsByTable(changes: readonly RowChange[]): ReadonlyMap<Table, TableRows> {
  const byTable = new Map<Table, RowChange[]>();
  for (const change of changes) {
    const rows = byTable.get(change.table);
    if (rows) rows.push(change);
    else byTable.set(change.table, [change]);
  }
  return new Map([...byTable].map(([table, all]) => [table, rowsOf(table, all)]));
}

// One statement cannot replace a row that it adds itself: what replaces one is added in its place.
function rowsOf(table: Table, changes: readonly RowChange[]): TableRows {
  if (table.write === 'add') return { added: changes.map(({ row }) => row), put: [] };
  const added: Row[] = [];
  const addedAt = new Map<string, number>();
  const put = new Map<string, Row>();
  for (const { row, replaces } of changes) {
    const key = keyOf(table, row);
    const place = addedAt.get(key);
    if (table.write === 'put' || (replaces && place === undefined)) put.set(key, row);
    else if (replaces && place !== undefined) added[place] = row;
    else addedAt.set(key, added.push(row) - 1);
  }
  return { added, put: [...put.values()] };
}

function keyOf(table: Table, row: Row): string {
  return table.key.map((column) => row[column]).join('\n');
}
