// Writes what a batch came to. Rows and checkpoint are one statement, and so one transaction and one
// round trip: either the checkpoint moves and every row is written, or nothing happens at all.
import { type ClientBase } from 'pg';
import {
  ADVANCE_CHECKPOINT,
  type Checkpoint,
  CheckpointMoved,
  advanceParameters,
} from './checkpoint.js';
import { type RowChange, type Table, columnArrays, insertRows } from './table.js';

export interface BatchWriter {
  /** Throws CheckpointMoved, or what Postgres says. */
  write(
    database: ClientBase,
    changes: readonly RowChange[],
    step: { from: Checkpoint; to: Checkpoint },
  ): Promise<void>;
}

export function batchWriter(schema: string, tables: readonly Table[]): BatchWriter {
  const text = batchStatement(schema, tables);
  // The name lets the server keep the plan; it is told by the schema, of which a session writes few.
  const name = `write ${schema}`;
  return {
    async write(database, changes, { from, to }) {
      const rows = rowsByTable(changes);
      const values = [
        ...advanceParameters(from, to),
        ...tables.flatMap((table) => columnArrays(table, rows.get(table) ?? [])),
      ];
      const written = await database.query({ name, text, values });
      if (written.rowCount === 1) return;
      throw new CheckpointMoved(`the checkpoint of ${schema} is no longer where it was read`);
    },
  };
}

function batchStatement(schema: string, tables: readonly Table[]): string {
  let firstParameter = CHECKPOINT_PARAMETERS + 1;
  const inserts = tables.map((table) => {
    const sql = insertRows(schema, table, { firstParameter, onlyIf: 'advanced' });
    firstParameter += Object.keys(table.columns).length;
    return `, ${table.name}_rows AS (${sql})`;
  });
  return `WITH advanced AS (${ADVANCE_CHECKPOINT})${inserts.join('')} SELECT generation FROM advanced`;
}

const CHECKPOINT_PARAMETERS = 10;

// Of several rows to be put under one key, the last stands for all.
function rowsByTable(changes: readonly RowChange[]): Map<Table, RowChange['row'][]> {
  const byTable = new Map<Table, Map<string | number, RowChange['row']>>();
  for (const { table, row } of changes) {
    const rows = byTable.get(table) ?? new Map<string | number, RowChange['row']>();
    byTable.set(table, rows);
    rows.set(table.write === 'put' ? keyOf(table, row) : rows.size, row);
  }
  return new Map([...byTable].map(([table, rows]) => [table, [...rows.values()]]));
}

function keyOf(table: Table, row: RowChange['row']): string {
  return table.key.map((column) => row[column]).join('\n');
}
