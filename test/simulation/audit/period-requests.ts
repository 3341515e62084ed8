// What the auditor has to know of requests to close periods and to open them again.
import { type BankRequest } from '../requests.js';
import { type Books } from './books.js';
import { type Examiner } from './examiner.js';
import { compare } from './findings.js';

type PeriodRequest = Extract<BankRequest, { readonly kind: 'close-period' | 'reopen-period' }>;

/** `isSo` tells whether what is asked for is so when this is the last closed day. */
function periodExaminer<R extends PeriodRequest>(
  type: string,
  isSo: (request: R, closedThrough: string | null) => boolean,
): Examiner<R> {
  return {
    nameOf: () => undefined,
    mismatches: (request, event, books) => [
      ...(event.type === type && event.data['reason'] === request.reason ? [] : ['type']),
      ...(isSo(request, books.closedThroughAt(event.revision)) ? [] : ['state']),
    ],
    examine: ({ attempt, answer, books, events, report }) => {
      const { request, knownBefore, event } = attempt;
      if (answer.status !== 200) {
        if (event) report('trace', 'turned away, and recorded');
        const { code } = answer.body.error ?? {};
        if (code !== 'INVALID_PERIOD') return report('answer', `${answer.status} ${code}`);
        const tried = states(books, knownBefore, events.length);
        if (!tried.some((state) => isInvalid(request, state))) report('answer', 'could be done');
        return;
      }
      const revision = answer.body.meta?.revision ?? -1;
      if (revision < knownBefore) report('order', `told at ${revision}, not ${knownBefore}`);
      const closedThrough = books.closedThroughAt(revision);
      compare(report, 'answer', answer.body.data, { ledger: 'bank', closedThrough });
      if (event ? event.revision > revision : !states(books, knownBefore, revision).some(so)) {
        report('answer', 'acknowledged, but neither recorded nor so before');
      }
      function so(state: string | null): boolean {
        return isSo(request, state);
      }
    },
  };
}

/** Every last closed day that there was from one revision to another. */
function states(books: Books, first: number, last: number): (string | null)[] {
  return [books.closedThroughAt(first), ...books.closedBetween(first, last)];
}

function isInvalid(request: PeriodRequest, state: string | null): boolean {
  if (request.kind === 'close-period') return false;
  const { closedThrough } = request;
  return state !== closedThrough && (state === null || (closedThrough ?? '') > state);
}

export const closePeriodExaminer = periodExaminer<Extract<PeriodRequest, { kind: 'close-period' }>>(
  'PeriodClosed',
  ({ through }, closed) => closed !== null && closed >= through,
);

export const reopenPeriodExaminer = periodExaminer<
  Extract<PeriodRequest, { kind: 'reopen-period' }>
>('PeriodReopened', ({ closedThrough }, closed) => closed === closedThrough);
