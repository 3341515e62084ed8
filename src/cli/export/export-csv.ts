// Format `csv`: one file per table.
import { csvRow, withoutFormula } from './csv.js';
import { type FileRecord } from './export-file.js';
import { type ExportJob, type Exported } from './export-job.js';
import { type Snapshot, type TextRow, inSnapshot } from './snapshot.js';
import { EXPORT_TABLES, type ExportTable, rowsAsText } from './tables.js';

/** `range` is about when something counts in the books. */
export async function exportCsv(job: ExportJob): Promise<Exported> {
  return inSnapshot(job, async (snapshot) => {
    const files = await writeTables(job, snapshot, withoutFormulas);
    return { axis: 'effective', events: snapshot.events, files };
  });
}

/** Every table as a file of CSV. @param change what becomes of each row before it is written. */
export async function writeTables(
  { ledger, range, output, progress }: ExportJob,
  snapshot: Snapshot,
  change: (table: ExportTable, row: TextRow) => TextRow,
): Promise<FileRecord[]> {
  const asked = { schema: snapshot.schema, ledger, range };
  let total = 0;
  for (const table of EXPORT_TABLES) total += await snapshot.count(table.select(asked));
  const shown = progress('rows', total);
  const files: FileRecord[] = [];
  let rows = 0;
  for (const table of EXPORT_TABLES) {
    const file = await output.file(`${table.name}.csv`);
    await file.write(csvRow(Object.keys(table.columns)));
    for await (const row of snapshot.rows(rowsAsText(table, asked))) {
      await file.writeRow(csvRow(change(table, row)));
      rows += 1;
      shown.update(rows);
    }
    files.push(await file.close());
  }
  return files;
}

function withoutFormulas({ columns }: ExportTable, row: TextRow): TextRow {
  const types = Object.values(columns);
  return row.map((cell, column) =>
    cell !== null && types[column]?.startsWith('text') ? withoutFormula(cell) : cell,
  );
}
