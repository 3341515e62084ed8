// What the auditor has to know of requests for transfers.
import { type LegAsked, type TransferAsked } from '../requests.js';
import { unitsOf } from './amounts.js';
import { type Books } from './books.js';
import { transferDifferences } from './differences.js';
import { examineDryRun } from './dry-runs.js';
import { type Flaw, type IdentifiedRequest, identifiedExaminer } from './identified-requests.js';
import { refusedTransferDetails, transferAnswer } from './transfer-answers.js';
import { transferIn } from './transfer-data.js';

type LegFlaw = (leg: LegAsked, books: Books, knownBefore: number) => boolean;

/** By code, what must be wrong with one leg at least. */
const LEG_FLAWS: Readonly<Record<string, { readonly status: number; readonly flaw: LegFlaw }>> = {
  UNKNOWN_ACCOUNT: {
    status: 422,
    flaw: ({ debit, credit }, books, known) =>
      [debit, credit].some((address) => books.at(address, known) === undefined),
  },
  CURRENCY_MISMATCH: {
    status: 422,
    flaw: ({ debit, credit, currency }, books) =>
      [debit, credit].some((address) => books.latest(address)?.currency !== currency),
  },
  SAME_ACCOUNT: { status: 400, flaw: ({ debit, credit }) => debit === credit },
  UNKNOWN_CURRENCY: { status: 400, flaw: ({ currency }, { scales }) => !scales.has(currency) },
  INVALID_AMOUNT: {
    status: 400,
    flaw: ({ amount, currency }, { scales }) =>
      (unitsOf(amount, scales.get(currency) ?? 0) ?? 0n) <= 0n,
  },
};

/** Flaws of requests that have these legs. */
export function legFlaws<R extends IdentifiedRequest>(
  legsOf: (request: R) => readonly LegAsked[],
): Record<string, Flaw<R>> {
  const entries = Object.entries(LEG_FLAWS).map(([code, { status, flaw }]) => {
    const holds: Flaw<R>['holds'] = (request, books, knownBefore) =>
      legsOf(request).some((leg) => flaw(leg, books, knownBefore));
    return [code, { status, holds }] as const;
  });
  return Object.fromEntries(entries);
}

export const transferExaminer = identifiedExaminer<TransferAsked>({
  made: ['TransferPosted', 'TransferHeld'],
  refused: 'TransferRefused',
  differences: (request, event, books) => {
    const { reverses, exchange } = transferIn(event);
    if (reverses ?? exchange) return ['type'];
    return transferDifferences(request, transferIn(event), books);
  },
  madeAnswer: transferAnswer,
  refusedDetails: (event, { legs }) => refusedTransferDetails(event, legs.length === 1),
  examineForeseen: examineDryRun,
  flaws: legFlaws(({ legs }) => legs),
});
