// What verification finds: something that is not as it has to be, with the place where it shows.

/** Which proof failed. */
export type Check =
  /** The log by itself: gaps, hashes, ids, events that cannot be read, times that go back. */
  | 'log'
  /** What events say against what they add up to, and the rules of the books. */
  | 'books'
  /** A row against what the log makes of it. */
  | 'rows'
  /** What queries and analysts read against what this version makes. */
  | 'views';

export interface Finding {
  readonly check: Check;
  /** Null when it is about all of them. */
  readonly ledger: string | null;
  /** The event at which it shows first; null when it shows at none. */
  readonly revision: number | null;
  readonly eventId: string | null;
  readonly account: string | null;
  /** Of a row: its table, and its key, `shop, ann, 4, 0, 0`. Of a view: `view reporting.account`. */
  readonly table: string | null;
  readonly key: string | null;
  /** What is wrong, in a few words: `balance`. */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** What a finding at an event says, beside the event. */
export type Discrepancy = Pick<Finding, 'what' | 'expected' | 'found'> & {
  readonly account?: string;
};

/** The place of an event in its ledger. */
export interface FindingPlace {
  readonly ledger: string;
  readonly revision: number;
  readonly id: string;
}

export function findingAt(
  check: Check,
  { ledger, revision, id }: FindingPlace,
  {
    account = null,
    what,
    expected,
    found,
  }: Omit<Discrepancy, 'account'> & {
    readonly account?: string | null;
  },
): Finding {
  const row = { table: null, key: null };
  return { check, ledger, revision, eventId: id, account, ...row, what, expected, found };
}

/** Findings told one by one; what comes after is counted. */
const FINDINGS_TOLD_MAX = 100;

/** Findings as they come, of which only the first are kept. */
export class Findings {
  readonly told: Finding[] = [];
  count = 0;

  add(finding: Finding): void {
    this.count += 1;
    if (this.told.length < FINDINGS_TOLD_MAX) this.told.push(finding);
  }
}

/** One line for people. */
export function findingText(finding: Finding): string {
  const { check, ledger, revision, eventId, account, table, what, expected, found } = finding;
  const place = [
    ledger === null ? 'all ledgers' : `ledger ${ledger}`,
    ...(account === null ? [] : [`account ${account}`]),
    ...(table === null ? [] : [tableText(finding, table)]),
    ...(revision === null ? [] : [`revision ${revision}`]),
    ...(eventId === null ? [] : [`event ${eventId}`]),
  ];
  return `${check}: ${place.join(', ')}: ${what}: expected ${expected}, found ${found}`;
}

function tableText({ check, key }: Finding, table: string): string {
  if (check === 'views') return table;
  return `table ${table}${key === null ? '' : ` (${key})`}`;
}
