// What the auditor has to know of requests for transfers.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type LegAsked, type TransferAsked } from '../requests.js';
import { unitsOf } from './amounts.js';
import { type Books } from './books.js';
import { transferDifferences } from './differences.js';
import { type Flaw, identifiedExaminer } from './identified-requests.js';
import { transferIn } from './transfer-data.js';

type LegFlaw = (leg: LegAsked, books: Books, knownBefore: number) => boolean;

/** Something that is wrong with one leg at least. */
const aLeg = (status: number, flaw: LegFlaw): Flaw<TransferAsked> => ({
  status,
  holds: ({ legs }, books, knownBefore) => legs.some((leg) => flaw(leg, books, knownBefore)),
});

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
  flaws: {
    UNKNOWN_ACCOUNT: aLeg(422, ({ debit, credit }, books, known) =>
      [debit, credit].some((address) => books.at(address, known) === undefined),
    ),
    CURRENCY_MISMATCH: aLeg(422, ({ debit, credit, currency }, books) =>
      [debit, credit].some((address) => books.latest(address)?.currency !== currency),
    ),
    SAME_ACCOUNT: aLeg(400, ({ debit, credit }) => debit === credit),
    UNKNOWN_CURRENCY: aLeg(400, ({ currency }, { scales }) => !scales.has(currency)),
    INVALID_AMOUNT: aLeg(
      400,
      ({ amount, currency }, { scales }) =>
        (unitsOf(amount, scales.get(currency) ?? 0) ?? 0n) <= 0n,
    ),
  },
});

/** What is answered is made of the event alone, so that every repetition is told the same. */
export function transferAnswer(event: StoredEvent): object {
  const data = transferIn(event);
  const { id, legs, effectiveAt, recordedAt, reference, description, metadata } = data;
  const { conditions, pending, reverses, exchange, totals, balances } = data;
  const state = event.type === 'TransferHeld' ? 'pending' : 'posted';
  return {
    ...{ id, state, legs, effectiveAt, recordedAt, revision: event.revision },
    ...{ reference, description, metadata },
    ...{ conditions, pending, reverses, exchange, totals, balances },
  };
}

/** The fields of an only leg are named as in the request, where it stands at the top. */
export function refusedTransferDetails(event: StoredEvent, hasOneLeg: boolean): object {
  const { id, recordedAt, refusal } = transferIn(event);
  const evidence = JSON.stringify(refusal?.evidence);
  const told = hasOneLeg ? evidence.replaceAll('"legs[0].', '"') : evidence;
  return { transferId: id, recordedAt, evidence: JSON.parse(told) as object };
}
