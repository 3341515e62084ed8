// Answers to requests for transfers.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type LegAsked, type TransferAsked } from '../requests.js';
import { unitsOf } from './amounts.js';
import { type Books } from './books.js';
import { transferDifferences } from './differences.js';
import { type Examiner, type Heard, examineFields } from './examiner.js';
import { compare } from './findings.js';
import { type TransferData } from './transfer-events.js';

type HeardOfTransfer = Heard<TransferAsked>;

export const transferExaminer: Examiner<TransferAsked> = {
  nameOf: ({ id, idAsKey }) => `${idAsKey ? 'key' : 'transfer'} ${id}`,
  mismatches: (request, event, books) => [
    ...(/^Transfer(Posted|Refused)$/.test(event.type) ? [] : ['type']),
    ...(request.idAsKey || request.id === event.data['id'] ? [] : ['id']),
    ...transferDifferences(request, dataOf(event), books),
  ],
  examine: (heard) => {
    const { status, body } = heard.answer;
    const revision = body.meta?.revision;
    if (revision === undefined) examineRejection(heard);
    else if (status === 201) examineOutcome(heard, revision, 'TransferPosted');
    else if (status === 422) examineOutcome(heard, revision, 'TransferRefused');
    else heard.report('answer', `${status} for something recorded`);
  },
};

function dataOf(event: StoredEvent): TransferData {
  return event.data as object as TransferData;
}

function examineOutcome(heard: HeardOfTransfer, revision: number, type: string): void {
  const { attempt, answer, books, events, decided, report } = heard;
  const event = events[revision];
  if (event?.type !== type) {
    return report('answer', `${type} at revision ${revision}, where there is ${event?.type}`);
  }
  if (event !== decided) report('answer', `decided at ${revision}, known is ${decided?.revision}`);
  const differing = transferDifferences(attempt.request, dataOf(event), books);
  if (differing.length > 0) report('answer', `told of another transfer: ${differing.join()}`);
  if (answer.replayed === (event === attempt.event)) {
    report('answer', answer.replayed ? 'told as a repetition' : 'not told as a repetition');
  }
  const { data, error } = answer.body;
  if (type === 'TransferPosted') compare(report, 'answer', data, postedAnswer(event));
  else compare(report, 'answer', { ...error, number: undefined }, refusedAnswer(event));
}

/** What is answered is made of the event alone, so that every repetition is told the same. */
function postedAnswer(event: StoredEvent): object {
  const { id, legs, effectiveAt, recordedAt, ...rest } = dataOf(event);
  const { reference, description, metadata, balances } = rest;
  return {
    ...{ id, state: 'posted', legs, effectiveAt, recordedAt, revision: event.revision },
    ...{ reference, description, metadata, balances },
  };
}

function refusedAnswer(event: StoredEvent): object {
  const { id, recordedAt, refusal } = dataOf(event);
  const { code, message, evidence } = refusal as {
    code: string;
    message: string;
    evidence: object;
  };
  return { code, message, details: { transferId: id, recordedAt, evidence } };
}

type Flaw = (leg: LegAsked, books: Books, knownBefore: number) => boolean;

/** What must be wrong with one leg at least. */
const FLAWS: Readonly<Record<string, { readonly status: number; readonly flaw: Flaw }>> = {
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

function examineRejection(heard: HeardOfTransfer): void {
  const { attempt, answer, books, decided, report } = heard;
  const { request, knownBefore } = attempt;
  const code = answer.body.error?.code ?? '';
  if (attempt.event) report('trace', `turned away with ${code}, and recorded`);
  if (code === 'TRANSFER_ID_REUSED') {
    if (answer.status !== 409) report('answer', `${answer.status} for ${code}`);
    if (!decided) return report('answer', 'told that the id was used, and it was not');
    return examineFields(heard, transferDifferences(request, dataOf(decided), books));
  }
  if (decided && decided.revision <= knownBefore) {
    report('once', `turned away with ${code}, though decided at ${decided.revision} before`);
  }
  const { status, flaw } = FLAWS[code] ?? {};
  if (answer.status !== status) report('answer', `${answer.status} ${code}`);
  if (!request.legs.some((leg) => flaw?.(leg, books, knownBefore))) {
    report('answer', `turned away with ${code}, which no leg deserves`);
  }
}
