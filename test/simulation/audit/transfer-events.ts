// Transfers in the stream, booked naively: posted ones must have been allowed, refused ones must not, and
// what they say of the accounts must be what the auditor comes to.
import { recordedUnits, textOf } from './amounts.js';
import { type AccountState, type Books, balanceOf, evidenceOf } from './books.js';
import { type Booking } from './booking.js';
import { type Report, compare } from './findings.js';

interface Leg {
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly currency: string;
}

export interface TransferData {
  readonly id: string;
  readonly legs: readonly Leg[];
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of a posted one. */
  readonly balances?: unknown;
  /** Of a refused one. */
  readonly refusal?: { readonly code: string; readonly evidence: unknown };
}

interface Touched {
  readonly before: AccountState;
  readonly after: AccountState;
}

export function bookPosted({ books, event, report }: Booking): void {
  const data = event.data as object as TransferData;
  const touched = touchedBy(books, data.legs, report);
  const broken = firstBroken(touched);
  if (broken) report('books', `${data.id} was posted in spite of ${broken.code}`);
  const balances = touched.map(({ after }) => ({
    account: after.address,
    currency: after.currency,
    version: after.version,
    balance: textOf(balanceOf(after), after.scale),
    available: textOf(balanceOf(after), after.scale),
  }));
  compare(report, 'figures', data.balances, balances);
  for (const { after } of touched) books.enter(event.revision, after);
}

export function bookRefused({ books, event, report }: Booking): void {
  const data = event.data as object as TransferData;
  const broken = firstBroken(touchedBy(books, data.legs, report));
  if (broken?.code !== data.refusal?.code) {
    report('refusal', `${data.id} is refused: ${data.refusal?.code}, known is ${broken?.code}`);
  }
  const accounts = broken?.touched.map(({ before, after }) => ({
    ...evidenceOf(before),
    change: textOf(balanceOf(after) - balanceOf(before), before.scale),
  }));
  const evidence = { revision: event.revision - 1, accounts };
  compare(report, 'refusal', data.refusal?.evidence, evidence);
}

/** Every account the legs touch before and after all of them, in the order of first mention. */
function touchedBy(books: Books, legs: readonly Leg[], report: Report): Touched[] {
  const touched = new Map<string, Touched>();
  const add = (address: string, leg: Leg, debits: bigint, credits: bigint) => {
    const before = touched.get(address)?.before ?? books.latest(address);
    if (!before) return report('books', `moves money on ${address}, which was never opened`);
    if (before.currency !== leg.currency) {
      report('books', `moves ${leg.currency} on ${address}, which holds ${before.currency}`);
    }
    const so = touched.get(address)?.after ?? { ...before, version: before.version + 1 };
    const after = { ...so, debits: so.debits + debits, credits: so.credits + credits };
    touched.set(address, { before, after });
  };
  for (const leg of legs) {
    const amount = recordedUnits(leg.amount, books.scales.get(leg.currency) ?? 0);
    if (amount <= 0n || leg.debit === leg.credit) report('books', `has a leg that moves nothing`);
    add(leg.debit, leg, amount, 0n);
    add(leg.credit, leg, 0n, amount);
  }
  return [...touched.values()];
}

/** Whether a transfer may not do this to an account, by code; the first that holds is the refusal. */
const FORBIDDEN: readonly (readonly [code: string, (touched: Touched) => boolean])[] = [
  ['ACCOUNT_CLOSED', ({ before }) => before.status === 'closed'],
  [
    'ACCOUNT_FROZEN',
    ({ before, after }) =>
      before.freeze === 'all' || (before.freeze === 'debits' && after.debits > before.debits),
  ],
  [
    'INSUFFICIENT_FUNDS',
    ({ before, after }) =>
      before.overdraftLimit !== null &&
      balanceOf(after) < balanceOf(before) &&
      balanceOf(after) < -before.overdraftLimit,
  ],
  [
    'BALANCE_LIMIT_EXCEEDED',
    ({ before, after }) =>
      before.balanceLimit !== null &&
      balanceOf(after) > balanceOf(before) &&
      balanceOf(after) > before.balanceLimit,
  ],
];

function firstBroken(
  touched: readonly Touched[],
): { code: string; touched: readonly Touched[] } | undefined {
  for (const [code, isForbidden] of FORBIDDEN) {
    const broken = touched.filter(isForbidden);
    if (broken.length > 0) return { code, touched: broken };
  }
  return undefined;
}
