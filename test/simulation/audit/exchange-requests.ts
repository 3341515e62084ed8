// What the auditor has to know of requests to exchange money.
import { type ExchangeAsked } from '../requests.js';
import { exchangeDifferences } from './differences.js';
import { identifiedExaminer } from './identified-requests.js';
import { transferIn } from './transfer-data.js';
import { refusedTransferDetails, transferAnswer } from './transfer-answers.js';

export const exchangeExaminer = identifiedExaminer<ExchangeAsked>({
  made: ['TransferPosted'],
  refused: 'TransferRefused',
  differences: (request, event, books) => exchangeDifferences(request, transferIn(event), books),
  madeAnswer: transferAnswer,
  refusedDetails: (event) => refusedTransferDetails(event, false),
  flaws: {
    // Too little to come to anything: the rate leaves less than one smallest unit.
    INVALID_AMOUNT: {
      status: 400,
      holds: ({ sell, buy, rate, from, to }, books) => {
        const scale = books.latest(sell === undefined ? from : to)?.scale ?? 0;
        const comesTo =
          sell === undefined ? Number(buy) / Number(rate) : Number(sell) * Number(rate);
        return comesTo < 10 ** -scale;
      },
    },
  },
});
