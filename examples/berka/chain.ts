// The bank published an account's transactions of one day in no particular order. This finds the order in
// which they were booked: the one in which each recorded balance is the one before it plus the amount.

export interface BookedRow {
  /** What it adds to the balance, in hellers; negative when it takes. */
  readonly change: bigint;
  /** The balance after it, as recorded. */
  readonly balance: bigint;
}

export interface BookedDay {
  /** The recorded balance at the end of the day. */
  readonly closing: bigint;
  /** Rows whose recorded balance follows from the row before. All of them: the day chains. */
  readonly chained: number;
  /** Hellers by which the recorded balances rose more than the amounts say; 0 when the day chains. */
  readonly gap: bigint;
}

/** Places tried for one day before the best order so far is taken. 7 rows need 13,699 at most. */
const STEPS_MAX = 200_000;

interface Search {
  steps: number;
  best: Path | undefined;
}

interface Path {
  readonly balance: bigint;
  readonly broken: number;
  /** Sum of the absolute gaps, to prefer the order that needs the least explanation. */
  readonly distance: bigint;
}

/** The order with the fewest broken links, then the smallest gaps. `rows` is not empty. */
export function orderOfDay(opening: bigint, rows: readonly BookedRow[]): BookedDay {
  const search: Search = { steps: 0, best: undefined };
  explore(search, { balance: opening, broken: 0, distance: 0n }, rows);
  if (!search.best) throw new Error('a day without rows has no order');
  const { balance: closing, broken } = search.best;
  const expected = rows.reduce((balance, { change }) => balance + change, opening);
  return { closing, chained: rows.length - broken, gap: closing - expected };
}

function explore(search: Search, path: Path, rest: readonly BookedRow[]): void {
  if (search.best && !isBetter(path, search.best)) return;
  if (rest.length === 0) {
    search.best = path;
    return;
  }
  for (const row of exactFirst(path.balance, rest)) {
    if (search.best && search.steps > STEPS_MAX) return;
    search.steps += 1;
    const gap = row.balance - (path.balance + row.change);
    explore(
      search,
      {
        balance: row.balance,
        broken: path.broken + (gap === 0n ? 0 : 1),
        distance: path.distance + (gap < 0n ? -gap : gap),
      },
      rest.filter((other) => other !== row),
    );
  }
}

function exactFirst(balance: bigint, rows: readonly BookedRow[]): BookedRow[] {
  const isExact = (row: BookedRow) => balance + row.change === row.balance;
  return [...rows.filter(isExact), ...rows.filter((row) => !isExact(row))];
}

// A path only ever gets worse, so one that is no better than the best has no better end either.
function isBetter(path: Path, best: Path): boolean {
  return path.broken === best.broken ? path.distance < best.distance : path.broken < best.broken;
}
