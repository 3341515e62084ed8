// Atomic batches in the stream, booked one transfer after the other.
import { type Booking } from './booking.js';
import { Draft } from './draft.js';
import { compare } from './findings.js';
import { batchIn } from './transfer-data.js';
import { compareBalances, compareRefusal, makeTransfer, markDecided } from './transfer-events.js';

export function bookBatch({ books, event, report }: Booking): void {
  const data = batchIn(event);
  const seenAt = event.revision - 1;
  markDecided(books, data.id, event.revision, report);
  const draft = new Draft(books);
  const refusals = data.transfers.flatMap((transfer, index) => {
    const own = new Draft(books, draft);
    const refused = makeTransfer(own, transfer, seenAt, report);
    if (!refused) draft.take(own);
    const { code, evidence } = refused ?? {};
    return refused ? [{ index, id: transfer.id, code, revision: seenAt, ...evidence }] : [];
  });
  if (event.type === 'BatchRefused') {
    const due =
      refusals.length > 0 ? { code: 'BATCH_REFUSED', evidence: { accounts: [] } } : undefined;
    compareRefusal(report, data.refusal, due, seenAt);
    const told = (data.refusals ?? []).map(({ index, id, refusal: { code, evidence } }) => ({
      ...{ index, id, code },
      ...evidence,
    }));
    return compare(report, 'refusal', told, refusals);
  }
  for (const { index, code } of refusals) {
    report('books', `transfer ${index} of ${data.id} was made in spite of ${code}`);
  }
  for (const { id } of data.transfers) markDecided(books, id, event.revision, report);
  compareBalances(report, data.balances, draft);
  draft.enter(event.revision);
}
