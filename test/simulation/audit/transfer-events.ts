// Transfers in the stream, booked naively: those that were made must have been allowed, refused ones must
// not, and what they say of the accounts must be what the auditor comes to.
import { resulting } from './account-state.js';
import { recordedUnits } from './amounts.js';
import { type Booking } from './booking.js';
import { type Books } from './books.js';
import { Draft, movementsOf } from './draft.js';
import { auditExchange } from './exchanges.js';
import { type Report, compare } from './findings.js';
import { type Refused, accountsForbid, requestForbids } from './forbidden.js';
import { reversalForbids, reversalOf, turnedBack } from './reversals.js';
import { type RefusalData, type TransferData, transferIn } from './transfer-data.js';
import { type TransferState, totalsOf } from './transfer-state.js';

export function bookTransfer({ books, event, report }: Booking): void {
  const data = transferIn(event);
  markDecided(books, data.id, event.revision, report);
  const draft = new Draft(books);
  const refused = makeTransfer(draft, data, event.revision - 1, report);
  if (event.type === 'TransferRefused') {
    compareRefusal(report, data.refusal, refused, event.revision - 1);
    books.transfers.set(data.id, transferOf(data, books, 'refused'));
    return;
  }
  const type = data.pending ? 'TransferHeld' : 'TransferPosted';
  if (event.type !== type) report('books', `${data.id} is a ${event.type}, not a ${type}`);
  if (refused) report('books', `${data.id} was made in spite of ${refused.code}`);
  compareBalances(report, data.balances, draft);
  const reversed = data.reverses && draft.transfer(data.reverses.transfer);
  compare(report, 'figures', data.totals, reversed && totalsOf(reversed));
  if (data.exchange) {
    books.carried.set(data.exchange.rounding.account, data.exchange.remainder.carried);
  }
  draft.enter(event.revision);
}

/** Makes a transfer happen in a draft and returns what forbids it, if anything does. */
export function makeTransfer(
  draft: Draft,
  data: TransferData,
  seenAt: number,
  report: Report,
): Refused | undefined {
  const { books } = draft;
  if (data.exchange) auditExchange(data, data.exchange, books, report);
  const reversal = reversalOf(draft, data, report);
  const irreversible = reversal && reversalForbids(reversal);
  if (irreversible) return irreversible;
  auditLegs(data, books, report);
  const forbidden = requestForbids(draft, data, seenAt);
  const state = data.pending ? 'pending' : 'posted';
  draft.move(movementsOf(data.legs, books, state));
  if (reversal) turnedBack(draft, reversal);
  draft.setTransfer(transferOf(data, books, state));
  draft.useReference(data.reference);
  return forbidden ?? accountsForbid(draft);
}

/** An id of a transfer, a batch or an act on a transfer is decided once. */
export function markDecided(books: Books, id: string, revision: number, report: Report): void {
  const before = books.decided.get(id);
  if (before !== undefined) report('once', `${id} was decided at revision ${before} before`);
  books.decided.set(id, revision);
}

/** Reports a refusal that is not the one that is due, or that tells other evidence. */
export function compareRefusal(
  report: Report,
  told: RefusalData | undefined,
  due: Refused | undefined,
  seenAt: number,
): void {
  if (told?.code !== due?.code) {
    report('refusal', `refused with ${told?.code}, but what forbids it is ${due?.code}`);
  }
  compare(report, 'refusal', told?.evidence, { revision: seenAt, ...due?.evidence });
}

export function compareBalances(report: Report, told: unknown, draft: Draft): void {
  const known = draft.touched().map(({ after }) => resulting(after));
  compare(report, 'figures', told, known);
}

function auditLegs({ id, legs }: TransferData, books: Books, report: Report): void {
  for (const { debit, credit, amount, currency } of legs) {
    const moves = recordedUnits(amount, books.scales.get(currency) ?? 0) > 0n;
    if (!moves || debit === credit) report('books', `${id} has a leg that moves nothing`);
    for (const address of [debit, credit]) {
      const held = books.latest(address)?.currency;
      if (held !== currency) report('books', `${id} moves ${currency} on ${address}: ${held}`);
    }
  }
}

function transferOf(
  { id, legs, pending, reverses }: TransferData,
  books: Books,
  state: 'posted' | 'pending' | 'refused',
): TransferState {
  const known = legs.map((leg) => {
    const scale = books.scales.get(leg.currency) ?? 0;
    const units = recordedUnits(leg.amount, scale);
    const [held, posted] = [state === 'pending' ? units : 0n, state === 'posted' ? units : 0n];
    return { leg, scale, held, posted, reversed: 0n };
  });
  const expiresAt = pending?.expiresAt ?? null;
  return { id, state, legs: known, expiresAt, isReversal: reverses !== undefined };
}
