// The examiner of each kind of request.
import { type ChangeAsked, type SingleRequest } from '../requests.js';
import { changeExaminer, openExaminer, readExaminer } from './account-requests.js';
import { unitsOf } from './amounts.js';
import { type AccountState } from './account-state.js';
import { captureExaminer, reverseExaminer, voidExaminer } from './act-requests.js';
import { batchExaminer } from './batch-requests.js';
import { type Examiner } from './examiner.js';
import { exchangeExaminer } from './exchange-requests.js';
import { closePeriodExaminer, reopenPeriodExaminer } from './period-requests.js';
import { transferExaminer } from './transfer-requests.js';

const EXAMINERS: {
  readonly [K in SingleRequest['kind']]: Examiner<Extract<SingleRequest, { readonly kind: K }>>;
} = {
  'open-ledger': {
    nameOf: () => 'ledger',
    mismatches: (_request, { type }) => (type === 'LedgerOpened' ? [] : ['type']),
    examine: ({ answer: { status }, report }) => {
      if (status !== 200 && status !== 201) report('answer', `${status} for the opening`);
    },
  },
  'open-account': openExaminer,
  'change-account': changeExaminer('AccountChanged', isAsAsked),
  'freeze-account': changeExaminer('AccountFrozen', ({ freeze }, state) => state.freeze === freeze),
  'unfreeze-account': changeExaminer(
    'AccountUnfrozen',
    (_request, { status }) => status === 'open',
  ),
  'close-account': changeExaminer('AccountClosed', (_request, { status }) => status === 'closed'),
  'read-account': readExaminer,
  'post-transfer': transferExaminer,
  'post-batch': batchExaminer,
  'exchange-money': exchangeExaminer,
  'capture-transfer': captureExaminer,
  'void-transfer': voidExaminer,
  'reverse-transfer': reverseExaminer,
  'close-period': closePeriodExaminer,
  'reopen-period': reopenPeriodExaminer,
};

export function examinerOf<K extends SingleRequest['kind']>(
  asked: Extract<SingleRequest, { readonly kind: K }>,
): Examiner<Extract<SingleRequest, { readonly kind: K }>> {
  return EXAMINERS[asked.kind];
}

function isAsAsked(asked: ChangeAsked, state: AccountState): boolean {
  const sameLimit = (limit: string | null | undefined, known: bigint | null) =>
    limit === undefined || (limit === null ? null : unitsOf(limit, state.scale)) === known;
  const { metadata } = asked;
  return (
    sameLimit(asked.overdraftLimit, state.overdraftLimit) &&
    sameLimit(asked.balanceLimit, state.balanceLimit) &&
    (metadata === undefined || JSON.stringify(metadata) === JSON.stringify(state.metadata))
  );
}
