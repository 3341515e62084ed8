// What the auditor has to know of requests for atomic batches.
import { type BatchAsked } from '../requests.js';
import { transferDifferences } from './differences.js';
import { identifiedExaminer } from './identified-requests.js';
import { inWordsOf, transferMade } from './transfer-answers.js';
import { batchIn } from './transfer-data.js';
import { legFlaws } from './transfer-requests.js';

export const batchExaminer = identifiedExaminer<BatchAsked>({
  made: ['BatchPosted'],
  refused: 'BatchRefused',
  differences: ({ id, idAsKey, transfers }, event, books) => {
    const recorded = batchIn(event);
    // It may have been recorded under the id of one of its transfers.
    if (!idAsKey && recorded.id !== id) return ['type'];
    if (transfers.length !== recorded.transfers.length) return ['transfers'];
    return transfers.flatMap((asked, n) => {
      const item = recorded.transfers[n];
      if (!item) return [];
      const differing = [
        ...(asked.id === item.id ? [] : ['id']),
        ...transferDifferences(asked, item, books),
      ];
      return differing.map((field) => `transfers[${n}].${field}`);
    });
  },
  madeAnswer: (event) => {
    const { id, transfers, recordedAt, balances } = batchIn(event);
    const { revision } = event;
    const made = transfers.map((data) => transferMade(data, revision));
    return { id, transfers: made, recordedAt, revision, balances };
  },
  refusedDetails: (event, { transfers }) => {
    const { id, recordedAt, refusal, refusals = [] } = batchIn(event);
    const told = refusals.map(({ index, id: transfer, refusal: { code, message, evidence } }) => ({
      ...{ index, id: transfer, code, message },
      evidence: inWordsOf(evidence, transfers[index]?.legs.length === 1),
    }));
    return { batchId: id, recordedAt, refusals: told, evidence: refusal?.evidence };
  },
  flaws: {
    ...legFlaws<BatchAsked>(({ transfers }) => transfers.flatMap(({ legs }) => legs)),
    // One of its transfers has an id under which something else was decided.
    TRANSFER_ID_REUSED: {
      status: 409,
      holds: ({ id, transfers }, { decided }) =>
        transfers.some((item) => decided.has(item.id) && decided.get(item.id) !== decided.get(id)),
    },
  },
});
