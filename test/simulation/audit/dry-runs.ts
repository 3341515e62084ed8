// Dry runs: nothing is recorded, and what is told is what the transfer would have come to on the books as
// they were at the revision before the one that is told.
import { type TransferAsked } from '../requests.js';
import { resulting } from './account-state.js';
import { canonical } from './amounts.js';
import { type Books } from './books.js';
import { canonicalCondition, utc } from './differences.js';
import { Draft } from './draft.js';
import { type Heard } from './examiner.js';
import { compare } from './findings.js';
import { refusedTransferDetails, transferAnswer } from './transfer-answers.js';
import { type TransferData } from './transfer-data.js';
import { makeTransfer } from './transfer-events.js';

export function examineDryRun(heard: Heard<TransferAsked>): void {
  const { attempt, answer, books, events, report } = heard;
  const { request, knownBefore } = attempt;
  const { data, error, meta } = answer.body;
  const revision = meta?.revision ?? 0;
  const seenAt = revision - 1;
  if (attempt.event) report('trace', 'a dry run is recorded');
  if (seenAt < knownBefore || seenAt >= events.length) {
    return report('order', `foresaw revision ${revision}, when ${knownBefore} was known`);
  }
  const { id, recordedAt } = data ?? { ...error?.details, id: error?.details['transferId'] };
  const foreseen = dataOf(request, { id: String(id), recordedAt: String(recordedAt) }, books);
  const draft = new Draft(books, undefined, seenAt);
  const refused = makeTransfer(draft, foreseen, seenAt, report);
  if (refused?.code !== error?.code) {
    return report('answer', `foresaw ${error?.code}, but what forbids it is ${refused?.code}`);
  }
  if (refused) {
    const refusal = { ...refused, evidence: { revision: seenAt, ...refused.evidence } };
    const event = { type: 'TransferRefused', data: { ...foreseen, refusal }, revision };
    const details = refusedTransferDetails(event, request.legs.length === 1);
    return compare(report, 'answer', error?.details, details);
  }
  const balances = draft.touched().map(({ after }) => resulting(after));
  const type = request.pending ? 'TransferHeld' : 'TransferPosted';
  const event = { type, data: { ...foreseen, balances }, revision };
  compare(report, 'answer', data, transferAnswer(event));
}

function dataOf(
  asked: TransferAsked,
  { id, recordedAt }: Pick<TransferData, 'id' | 'recordedAt'>,
  books: Books,
): TransferData {
  const { effectiveAt, reference, description, metadata, conditions, pending } = asked;
  return {
    id,
    legs: asked.legs.map((leg) => ({
      ...leg,
      amount: canonical(leg.amount, books.scales.get(leg.currency)),
    })),
    effectiveAt: effectiveAt === undefined ? recordedAt : utc(effectiveAt),
    recordedAt,
    reference: reference ?? null,
    description: description ?? null,
    metadata: metadata ?? {},
    ...(conditions && { conditions: conditions.map((one) => canonicalCondition(one, books)) }),
    ...(pending && {
      pending: { expiresAt: pending.expiresAt === undefined ? null : utc(pending.expiresAt) },
    }),
  };
}
