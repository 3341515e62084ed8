// Transfers out of rows. Rows that follow each other with the same id are the legs of one transfer; when
// one of them is wrong, the whole transfer is left out, for it must never be posted in part.
import { LEGS_MAX, TRANSFER_ID_EXPECTED } from '../../domain/ledger/transfer-request.js';
import { type DeriveId } from './derived-id.js';
import { type Layout, METADATA_PREFIX } from './layout.js';
import {
  type Body,
  type Fields,
  type ImportRequest,
  type RowProblem,
  fieldsOf,
  metadataOf,
  partOf,
  rowProblem,
} from './requests.js';
import { type Row } from './rows.js';

const ID = 'id';
const LEG_COLUMNS = ['debit', 'credit', 'amount', 'currency'];
const SHARED_COLUMNS = ['effectiveAt', 'reference', 'description'];

/** The rows of one transfer so far. `first` is that of the first row that could be read. */
interface Group {
  readonly id: string;
  first: Fields | undefined;
  readonly lines: number[];
  readonly legs: Body[];
  readonly problems: RowProblem[];
}

/** The transfers of a file in its order. `deriveId` names those of a file without the column `id`. */
export async function* transferRequests(
  rows: AsyncIterable<Row>,
  { columns }: Layout,
  deriveId: DeriveId,
): AsyncGenerator<ImportRequest> {
  const idColumn = columns.indexOf(ID);
  let group: Group | undefined;
  for await (const row of rows) {
    const id = row.cells[idColumn] ?? '';
    if (group && (id === '' || id !== group.id)) {
      yield requestOf(group, deriveId);
      group = undefined;
    }
    group ??= { id, first: undefined, lines: [], legs: [], problems: [] };
    addRow(group, row, columns);
  }
  if (group) yield requestOf(group, deriveId);
}

function addRow(group: Group, row: Row, columns: readonly string[]): void {
  // One leg too many is enough to be turned away for; the rest need not be remembered.
  if (group.lines.length > LEGS_MAX) return;
  group.lines.push(row.line);
  const unreadable = rowProblem(row, columns);
  if (unreadable) {
    group.problems.push(unreadable);
    return;
  }
  const fields = fieldsOf(row, columns);
  if (columns.includes(ID) && group.id === '') {
    group.problems.push({
      line: row.line,
      field: ID,
      problem: 'is empty',
      expected: `${TRANSFER_ID_EXPECTED}; or a file without the column "${ID}"`,
    });
  }
  group.first ??= fields;
  group.problems.push(...contradictions(group, group.first, { line: row.line, fields }));
  group.legs.push(partOf(fields, LEG_COLUMNS));
}

// What belongs to the transfer as a whole stands in its first row; later rows may repeat it.
function contradictions(
  { lines }: Group,
  first: Fields,
  { line, fields }: { line: number; fields: Fields },
): RowProblem[] {
  return [...fields]
    .filter(([column]) => SHARED_COLUMNS.includes(column) || column.startsWith(METADATA_PREFIX))
    .filter(([column, cell]) => cell !== '' && cell !== first.get(column))
    .map(([field]) => ({
      line,
      field,
      problem: `differs from line ${lines[0]}, where this transfer begins`,
      expected: 'the same there, or nothing',
    }));
}

function requestOf({ id, first, lines, legs, problems }: Group, deriveId: DeriveId): ImportRequest {
  if (!first || problems.length > 0) return { body: {}, lines, problems };
  const body = {
    id: id === '' ? deriveId(first) : id,
    legs,
    ...partOf(first, SHARED_COLUMNS),
    ...metadataOf(first),
  };
  return { body, lines, problems };
}
