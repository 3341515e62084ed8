// Rows that are expected against rows that are stored, one by one.
import { type Table } from '../../engine/table.js';
import { type Finding } from '../finding.js';
import { shownValue } from './canonical.js';
import { type StoredRow } from './stored-rows.js';

/** A row that the log leads to, with the event that it was last changed by. */
export interface ExpectedRow {
  readonly values: readonly string[];
  readonly revision: number | null;
  readonly eventId: string | null;
}

/** What differs, of one table. Expected rows are by their `keyText`. */
export function differingRows(
  table: Table,
  expected: ReadonlyMap<string, ExpectedRow>,
  stored: readonly StoredRow[],
): Finding[] {
  const seen = new Set<string>();
  const findings = stored.flatMap((values): Finding[] => {
    const key = keyText(table, values);
    seen.add(key);
    const due = expected.get(key);
    if (!due) {
      const place = {
        revision: numberIn(table, values),
        eventId: textIn(table, values, 'event_id'),
      };
      const found = 'a row that no event leads to';
      return [rowFinding(table, values, { ...place, what: 'row', expected: 'none', found })];
    }
    const columns = Object.keys(table.columns).filter(
      (_, index) => due.values[index] !== values[index],
    );
    if (columns.length === 0) return [];
    const [expectedText, found] = [due.values, values].map((row) => shown(table, columns, row));
    const texts = { what: columns.join(', '), expected: expectedText ?? '', found: found ?? '' };
    return [rowFinding(table, due.values, { ...due, ...texts })];
  });
  const missing = [...expected].flatMap(([key, due]): Finding[] => {
    if (seen.has(key)) return [];
    const expectedText = shown(table, Object.keys(table.columns), due.values);
    const texts = { what: 'row', expected: expectedText, found: 'none' };
    return [rowFinding(table, due.values, { ...due, ...texts })];
  });
  return [...findings, ...missing];
}

export function keyText(table: Table, values: readonly string[]): string {
  const columns = Object.keys(table.columns);
  return table.key.map((column) => values[columns.indexOf(column)]).join(', ');
}

function rowFinding(
  table: Table,
  values: readonly string[],
  {
    revision,
    eventId,
    what,
    expected,
    found,
  }: Pick<Finding, 'revision' | 'eventId' | 'what' | 'expected' | 'found'>,
): Finding {
  return {
    check: 'rows',
    ledger: textIn(table, values, 'ledger') ?? '',
    ...{ revision, eventId },
    account: textIn(table, values, 'account') ?? textIn(table, values, 'address'),
    table: table.name,
    key: keyText(table, values),
    ...{ what, expected, found },
  };
}

function shown(table: Table, columns: readonly string[], values: readonly string[]): string {
  const all = Object.keys(table.columns);
  return columns
    .map((column) => {
      const text = values[all.indexOf(column)];
      return `${column} ${shownValue(table.columns[column] ?? 'text', text)}`;
    })
    .join(', ');
}

function textIn(table: Table, values: readonly string[], column: string): string | null {
  const index = Object.keys(table.columns).indexOf(column);
  return index < 0 ? null : (values[index] ?? null);
}

function numberIn(table: Table, values: readonly string[]): number | null {
  const text = textIn(table, values, 'revision');
  return text === null ? null : Number(text);
}
