// Cuts lines into rows of cells. A cell in quotes may hold commas, line breaks and doubled quotes; a row
// whose quotes do not add up is reported alone, and reading goes on with the very next line.
import { CsvError, parse } from 'csv-parse/sync';
import { type Line } from './lines.js';

/** A quoted cell goes over so many lines at most; beyond it, its closing quote is missing. */
export const ROW_LINES_MAX = 100;

export interface Row {
  /** Where it begins. */
  readonly line: number;
  /** With wrong quotes these are a guess, good enough to tell which rows belong together. */
  readonly cells: readonly string[];
  readonly quotesAreWrong: boolean;
}

/** The rows of a CSV file, the header first. Empty lines are left out. */
export async function* rowsOf(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  const waiting: Line[] = [];
  let width: number | undefined;
  const takeRows = function* (isEnd: boolean): Generator<Row> {
    for (let row = takeRow(waiting, width, isEnd); row; row = takeRow(waiting, width, isEnd)) {
      width ??= row.cells.length;
      yield row;
    }
  };
  for await (const line of lines) {
    if (waiting.length === 0 && line.text.trim() === '') continue;
    waiting.push(line);
    yield* takeRows(false);
  }
  yield* takeRows(true);
}

/** Takes the first row off the waiting lines; undefined when it may go on in lines that are to come. */
function takeRow(waiting: Line[], width: number | undefined, isEnd: boolean): Row | undefined {
  while (waiting[0]?.text.trim() === '') waiting.shift();
  const [first] = waiting;
  if (!first) return undefined;
  const length = linesUntilQuotesClose(waiting);
  if (length === undefined && !isEnd && waiting.length < ROW_LINES_MAX) return undefined;
  const cells = length === undefined ? undefined : cellsOf(waiting.slice(0, length));
  // Lines joined by a stray quote rarely come to the right number of cells: then they are not one row.
  if (cells && (length === 1 || width === undefined || cells.length === width)) {
    waiting.splice(0, length);
    return { line: first.number, cells, quotesAreWrong: false };
  }
  waiting.shift();
  const guess = first.text.replaceAll('"', '').split(',');
  return { line: first.number, cells: guess, quotesAreWrong: true };
}

function linesUntilQuotesClose(lines: readonly Line[]): number | undefined {
  let isOpen = false;
  for (const [index, { text }] of lines.entries()) {
    for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOpen = !isOpen;
    if (!isOpen) return index + 1;
  }
  return undefined;
}

function cellsOf(lines: readonly Line[]): readonly string[] | undefined {
  const text = lines.map((line) => line.text).join('\n');
  if (!text.includes('"')) return text.split(',');
  try {
    return parse(text, { relax_column_count: true })[0];
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}
