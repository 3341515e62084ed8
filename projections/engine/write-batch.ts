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
import { type GatheredRows, type Way, columnArrays } from './gathered-rows.js';
import { type Table, insertRows } from './table.js';

export interface BatchWriter {
  /** Throws CheckpointMoved, or what Postgres says. */
  write(
    database: ClientBase,
    rows: readonly GatheredRows[],
    step: { from: Checkpoint; to: Checkpoint; lanes: LaneChanges },
  ): Promise<void>;
}

export function batchWriter(schema: string, tables: readonly Table[]): BatchWriter {
  const parts = tables.flatMap(partsOf);
  const text = batchStatement(schema, parts);
  // The name lets the server keep the plan; it is told by the schema, of which a session writes few.
  const name = `write ${schema}`;
  return {
    async write(database, rows, { from, to, lanes }) {
      const values = [
        ...advanceParameters(from, to),
        ...laneParameters(lanes),
        ...parts.flatMap(({ table, way }) => columnArrays(table, way, rows)),
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
  readonly way: Way;
}

function partsOf(table: Table): Part[] {
  switch (table.write) {
    case 'add':
      return [{ table, way: 'added' }];
    case 'put':
      return [{ table, way: 'put' }];
    case 'revise':
      return [
        { table, way: 'added' },
        { table, way: 'put' },
      ];
    case 'derived':
      return [];
  }
}

function batchStatement(schema: string, parts: readonly Part[]): string {
  const lanes = changeLanes(ADVANCE_PARAMETERS + 1);
  let firstParameter = ADVANCE_PARAMETERS + LANE_PARAMETERS + 1;
  const inserts = parts.map(({ table, way }) => {
    const insertion = { firstParameter, onlyIf: 'advanced', replacing: way === 'put' };
    firstParameter += Object.keys(table.columns).length;
    return `, ${table.name}_${way} AS (${insertRows(schema, table, insertion)})`;
  });
  return `WITH advanced AS (${ADVANCE_CHECKPOINT})${lanes}${inserts.join('')}
    SELECT generation FROM advanced`;
}
