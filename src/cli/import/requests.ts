// What the rows of a file ask for, as the bodies of the API's own requests: from here on an imported
// transfer is checked and decided exactly like one that came over HTTP.
import { type Layout, METADATA_PREFIX } from './layout.js';
import { type Row } from './rows.js';

/** What is wrong with one row, and what would be right. */
export interface RowProblem {
  readonly line: number;
  /** The column; null when the row as a whole is wrong. */
  readonly field: string | null;
  readonly problem: string;
  readonly expected: string;
}

export type Body = Readonly<Record<string, unknown>>;

/** One request, or why none could be made of the rows. */
export interface ImportRequest {
  readonly body: Body;
  /** Where its rows stand; the n-th is that of the n-th leg. */
  readonly lines: readonly number[];
  readonly problems: readonly RowProblem[];
}

/** A row's cells by column. */
export type Fields = ReadonlyMap<string, string>;

/** A decoder puts this where bytes are not UTF-8. */
const NOT_UTF8 = '\uFFFD';

/** What keeps a row from being understood at all; undefined when it can be. */
export function rowProblem(row: Row, columns: readonly string[]): RowProblem | undefined {
  const of = (problem: string, expected: string, field: string | null = null): RowProblem => ({
    line: row.line,
    field,
    problem,
    expected,
  });
  if (row.quotesAreWrong) {
    const expected = 'quotes around a whole cell, with "" for each quote inside it';
    return of('the quotes of this row do not match', expected);
  }
  if (row.cells.length !== columns.length) {
    const expected = `${columns.length} cells, as in the header; a cell with a comma in quotes`;
    return of(`${row.cells.length} cells`, expected);
  }
  const garbled = row.cells.findIndex((cell) => cell.includes(NOT_UTF8));
  if (garbled < 0) return undefined;
  return of('holds bytes that are not UTF-8', 'a file saved as UTF-8', columns[garbled] ?? null);
}

export function fieldsOf(row: Row, columns: readonly string[]): Fields {
  return new Map(columns.map((column, index) => [column, row.cells[index] ?? '']));
}

/** An empty cell says nothing: the field is left out of the request. */
export function partOf(fields: Fields, names: readonly string[]): Body {
  return Object.fromEntries(
    names.flatMap((name) => {
      const cell = fields.get(name) ?? '';
      return cell === '' ? [] : [[name, cell]];
    }),
  );
}

export function metadataOf(fields: Fields): Body {
  const pairs = [...fields]
    .filter(([column, cell]) => column.startsWith(METADATA_PREFIX) && cell !== '')
    .map(([column, cell]) => [column.slice(METADATA_PREFIX.length), cell]);
  return pairs.length === 0 ? {} : { metadata: Object.fromEntries(pairs) as Body };
}

/** One account per row. */
export async function* accountRequests(
  rows: AsyncIterable<Row>,
  { columns }: Layout,
): AsyncGenerator<ImportRequest> {
  for await (const row of rows) {
    const problem = rowProblem(row, columns);
    const lines = [row.line];
    if (problem) yield { body: {}, lines, problems: [problem] };
    else yield { body: accountBody(fieldsOf(row, columns)), lines, problems: [] };
  }
}

const UNLIMITED = 'unlimited';

function accountBody(fields: Fields): Body {
  const limits = partOf(fields, ['overdraftLimit', 'balanceLimit']);
  return {
    ...partOf(fields, ['address', 'type', 'currency']),
    ...Object.fromEntries(
      Object.entries(limits).map(([name, cell]) => [name, cell === UNLIMITED ? null : cell]),
    ),
    ...metadataOf(fields),
  };
}
