// What a command comes to, in words that the books and the ledger can both be asked for.
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type Books, accountAt, standing, written } from './books.js';
import { type Refused } from './refusals.js';

export type Answer =
  | { readonly kind: 'decided'; readonly revision: number; readonly same: boolean }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'rejected'; readonly code: string }
  | ({ readonly kind: 'event'; readonly type: string; readonly recordedAt: string } & Told);

/** What an event tells, as far as it depends on the books. */
export interface Told {
  readonly refused?: Refused;
  /** Of the transfers of a batch: which failed, and why. */
  readonly failed?: readonly (readonly [number, string])[];
  /** Address, version, balance, available. */
  readonly balances?: readonly (readonly [string, number, string, string])[];
  /** Of each leg: held, posted, reversed. */
  readonly totals?: readonly (readonly [string, string, string])[];
  /** What moved: debit, credit, amount. */
  readonly moved?: readonly (readonly [string, string, string])[];
}

export type Step = readonly [Answer, Books];

export function rejected(books: Books, code: string): Step {
  return [{ kind: 'rejected', code }, books];
}

export function unchanged(books: Books): Step {
  return [{ kind: 'unchanged' }, books];
}

/** Never before what was recorded last. */
export function timeOf({ now }: { readonly now: string }, { recordedAt }: Books): string {
  return now > recordedAt ? now : recordedAt;
}

/** An event that takes the books from `before` to `after`, and decides these ids. */
export function happens(
  command: LedgerCommand,
  ids: readonly string[],
  { before, after = before }: { readonly before: Books; readonly after?: Books },
  told: Told & { readonly type: string },
): Step {
  const recordedAt = timeOf(command, before);
  const revision = before.revision + 1;
  const decided = ids.map((id) => ({ id, command, recordedAt, revision }));
  return [
    { kind: 'event', recordedAt, ...told },
    { ...after, recordedAt, revision, decided: [...before.decided, ...decided] },
  ];
}

/** The answer to a command whose id was decided before. */
export function decidedBefore(books: Books, id: string, command: LedgerCommand): Step | undefined {
  const found = books.decided.find((decided) => decided.id === id);
  if (!found) return undefined;
  const { revision, recordedAt } = found;
  const same = requestOf(found.command, recordedAt) === requestOf(command, recordedAt);
  return [{ kind: 'decided', revision, same }, books];
}

const AMOUNTS = ['amount', 'gte', 'lte', 'eq', 'overdraftLimit', 'balanceLimit'];

/** What was asked for, however it was written. */
function requestOf(command: LedgerCommand, recordedAt: string): string {
  const one = 'parts' in command && command.amount !== null;
  const plain = one
    ? { ...command, amount: null, parts: [{ leg: 0, amount: command.amount }] }
    : command;
  return JSON.stringify(plain, (key, value: unknown) => {
    if (key === 'now') return undefined;
    if (key === 'effectiveAt') return value ?? recordedAt;
    if (isFields(value)) return Object.fromEntries(Object.entries(value).sort());
    if (!AMOUNTS.includes(key) || typeof value !== 'string') return value;
    return value.includes('.') ? value.replace(/\.?0*$/, '') : value;
  });
}

export function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function balancesAt(books: Books, addresses: readonly string[]): Required<Told>['balances'] {
  return addresses.flatMap((address) => {
    const account = accountAt(books, address);
    if (!account) return [];
    const { currency, version } = account;
    const { balance, available } = standing(books, account);
    return [[address, version, written(balance, currency), written(available, currency)] as const];
  });
}
