// What differs between two generations, in lines for people.
import {
  type AccountDifference,
  type Comparison,
  type ShapeDifference,
  type TableDifference,
  ACCOUNTS_NAMED_MAX,
  isSame,
} from '../../../projections/engine/comparison.js';
import { grouped } from '../terminal.js';

export function comparisonText(comparison: Comparison): string {
  const { live, next, position, tables, shapes, parked } = comparison;
  const place = position === null ? 'before the first event' : `at position ${position}`;
  const verdict = isSame(comparison)
    ? `Generation ${next} has the rows of the live generation ${live}, ${place}.`
    : `Generation ${next} differs from the live generation ${live}, ${place}:`;
  return [
    verdict,
    ...tables.flatMap(tableLines),
    ...shapes.map(shapeLine),
    ...parked.map(parkedLine),
  ].join('\n');
}

function parkedLine(ledger: string): string {
  return `  ledger ${ledger} is parked in the new one only: see "daybook projections parked list"`;
}

function tableLines(difference: TableDifference): string[] {
  const { table, accounts } = difference;
  const lines = accounts.map((account) => `    ${accountLine(account)}`);
  const isCut = accounts.length === ACCOUNTS_NAMED_MAX;
  return [`  ${table}: ${countsText(difference)}`, ...lines, ...(isCut ? ['    and so on'] : [])];
}

function accountLine(difference: AccountDifference): string {
  const { ledger, account, firstEvent } = difference;
  const name = [ledger, account].filter((part) => part !== null).join(' ') || 'all';
  const { revision, position, id } = firstEvent;
  const event = [
    ...(revision === null ? [] : [`revision ${revision}`]),
    ...(position === null ? [] : [`position ${position}`]),
    ...(id === null ? [] : [`event ${id}`]),
  ];
  const from = event.length === 0 ? '' : `; first at ${event.join(', ')}`;
  return `${name}: ${countsText(difference)}${from}`;
}

function countsText({
  changed,
  onlyInLive,
  onlyInNext,
  columns,
}: TableDifference | AccountDifference) {
  return [
    ...(changed === 0 ? [] : [`${grouped(changed)} changed (${columns.join(', ')})`]),
    ...(onlyInLive === 0 ? [] : [`${grouped(onlyInLive)} only in the live one`]),
    ...(onlyInNext === 0 ? [] : [`${grouped(onlyInNext)} only in the new one`]),
  ].join(', ');
}

function shapeLine({ table, column, in: where }: ShapeDifference): string {
  const what = column === null ? `table ${table}` : `column ${table}.${column}`;
  const place = where === 'live' ? 'the live one' : where === 'next' ? 'the new one' : where;
  return where.startsWith('both') ? `  ${what}: in ${place}` : `  ${what}: only in ${place}`;
}
