// What the auditor has to know of requests to capture, void and reverse transfers.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type CaptureAsked, type ReverseAsked, type VoidAsked } from '../requests.js';
import { unitsOf } from './amounts.js';
import { type Books } from './books.js';
import { captureDifferences, reversalDifferences, voidDifferences } from './differences.js';
import { type Flaw, identifiedExaminer } from './identified-requests.js';
import { actIn, transferIn } from './transfer-data.js';
import { refusedTransferDetails, transferAnswer } from './transfer-answers.js';

type ActAsked = CaptureAsked | VoidAsked | ReverseAsked;

export const captureExaminer = identifiedExaminer<CaptureAsked>({
  made: ['TransferCaptured'],
  refused: 'CaptureRefused',
  differences: (request, event, books) => captureDifferences(request, actIn(event), books),
  madeAnswer: (event) => {
    const { id, transfer, parts, final, legs, released, totals, balances, ...rest } = actIn(event);
    const { effectiveAt, recordedAt, description, metadata } = rest;
    return {
      ...{ id, transfer, state: stateAfter(totals), parts, final, legs, released, totals },
      ...{ effectiveAt, recordedAt, revision: event.revision },
      ...{ description, metadata, balances },
    };
  },
  refusedDetails: (event) => refusedActDetails('captureId', event),
  flaws: flaws<CaptureAsked>(),
});

export const voidExaminer = identifiedExaminer<VoidAsked>({
  made: ['TransferVoided'],
  refused: 'VoidRefused',
  differences: (request, event, books) => voidDifferences(request, actIn(event), books),
  madeAnswer: (event) => {
    const { id, transfer, parts, reason, released, totals, recordedAt, balances } = actIn(event);
    return {
      ...{ id, transfer, state: stateAfter(totals), parts, reason, released, totals },
      ...{ recordedAt, revision: event.revision, balances },
    };
  },
  refusedDetails: (event) => refusedActDetails('voidId', event),
  flaws: flaws<VoidAsked>(),
});

export const reverseExaminer = identifiedExaminer<ReverseAsked>({
  made: ['TransferPosted'],
  refused: 'TransferRefused',
  differences: (request, event, books) =>
    transferIn(event).reverses ? reversalDifferences(request, transferIn(event), books) : ['type'],
  madeAnswer: transferAnswer,
  refusedDetails: (event) => refusedTransferDetails(event, false),
  flaws: flaws<ReverseAsked>(),
});

function refusedActDetails(idName: string, event: StoredEvent): object {
  const { id, transfer, recordedAt, refusal } = actIn(event);
  return { [idName]: id, transferId: transfer, recordedAt, evidence: refusal?.evidence };
}

/** What an act made of the transfer; it only ever acts on one of which something was held. */
function stateAfter(totals: unknown): string {
  const legs = totals as readonly { held: string; posted: string }[];
  const some = (which: 'held' | 'posted') => legs.some((leg) => /[1-9]/.test(leg[which]));
  if (some('held')) return 'pending';
  return some('posted') ? 'posted' : 'voided';
}

function flaws<R extends ActAsked>(): Readonly<Record<string, Flaw<R>>> {
  return {
    TRANSFER_NOT_FOUND: {
      status: 404,
      holds: ({ transfer }, books, knownBefore) =>
        !books.transfers.has(transfer) || (books.decided.get(transfer) ?? 0) > knownBefore,
    },
    INVALID_TRANSFER: { status: 400, holds: (request, books) => namesUnfitParts(request, books) },
    INVALID_AMOUNT: { status: 400, holds: (request, books) => hasUnfitAmount(request, books) },
  };
}

function namesUnfitParts({ transfer, amount, parts }: ActAsked, books: Books): boolean {
  if (amount !== undefined && parts) return true;
  const { length } = books.transfers.get(transfer)?.legs ?? [];
  const numbers = (parts ?? []).map(({ leg }) => leg);
  const areTwice = new Set(numbers).size < numbers.length;
  return (amount !== undefined && length > 1) || areTwice || numbers.some((leg) => leg >= length);
}

function hasUnfitAmount({ transfer, amount, parts }: ActAsked, books: Books): boolean {
  const legs = books.transfers.get(transfer)?.legs ?? [];
  const asked = amount === undefined ? (parts ?? []) : [{ leg: 0, amount }];
  return asked.some((part) => (unitsOf(part.amount, legs[part.leg]?.scale ?? 0) ?? 0n) <= 0n);
}
