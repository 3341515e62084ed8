// Answers to requests about one account: it is told as it was at the revision that is told with it.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type AccountAsked, type BankRequest } from '../requests.js';
import { unitsOf } from './amounts.js';
import { type AccountState, evidenceOf, isEmpty, shown } from './account-state.js';
import { type Books } from './books.js';
import { type OpenedRecord, accountDifferences } from './differences.js';
import { type Examiner, type Heard, examineFields } from './examiner.js';
import { compare } from './findings.js';

export type AccountRequest = Extract<BankRequest, { readonly address: string }>;
type HeardOfAccount<R extends AccountRequest = AccountRequest> = Heard<R>;

/** What makes a rejection right, seen at the revision that it tells. */
type Reason = (request: AccountRequest, state: AccountState) => boolean;

const REASONS: Readonly<Record<string, { readonly status: number; readonly holds: Reason }>> = {
  VERSION_MISMATCH: {
    status: 412,
    holds: (request, { version }) =>
      request.kind === 'change-account' &&
      request.version !== undefined &&
      request.version !== version,
  },
  ACCOUNT_CLOSED: { status: 422, holds: (_request, { status }) => status === 'closed' },
  ACCOUNT_NOT_EMPTY: { status: 422, holds: (_request, state) => !isEmpty(state) },
};

/** The examiner of a request that takes an account to a state which it may have been in before. */
export function changeExaminer<R extends AccountRequest>(
  type: string,
  isSo: (request: R, state: AccountState) => boolean,
): Examiner<R> {
  return {
    nameOf: () => undefined,
    mismatches: (request, event, books) => {
      const { address } = request;
      const after = books.at(address, event.revision);
      const reason = 'reason' in request ? request.reason : undefined;
      return [
        ...(event.type === type ? [] : ['type']),
        ...(event.data['address'] === address ? [] : ['address']),
        ...(event.data['reason'] === reason ? [] : ['reason']),
        ...(after && isSo(request, after) ? [] : ['state']),
      ];
    },
    examine: (heard) => {
      const { attempt, answer, books, report } = heard;
      if (answer.status !== 200) return examineRejection(heard);
      const { request, knownBefore, event } = attempt;
      const revision = examineAccount(heard);
      examineEtag(heard);
      if (event && event.revision > revision) report('answer', 'told as it was before the change');
      const seen = books.between(request.address, knownBefore, revision);
      if (!event && !seen.some((state) => isSo(request, state))) {
        report('answer', 'acknowledged, but neither recorded nor so before');
      }
    },
  };
}

export const readExaminer: Examiner<Extract<BankRequest, { kind: 'read-account' }>> = {
  nameOf: () => undefined,
  mismatches: () => ['type'],
  examine: (heard) => {
    if (heard.answer.status !== 200) return examineRejection(heard);
    examineAccount(heard);
    examineEtag(heard);
  },
};

export const openExaminer: Examiner<AccountAsked> = {
  nameOf: ({ address }) => `account ${address}`,
  mismatches: (request, event, books) =>
    event.type === 'AccountOpened' && event.data['address'] === request.address
      ? accountDifferences(request, openedIn(event), books)
      : ['address'],
  examine: (heard) => {
    const { attempt, answer, books, decided, report } = heard;
    const { request, event } = attempt;
    const code = answer.body.error?.code;
    if (code !== undefined && code !== 'ACCOUNT_EXISTS') return examineRejection(heard);
    if (!decided) return report('answer', 'told that it was opened, and it was not');
    const differing = accountDifferences(request, openedIn(decided), books);
    if (code === 'ACCOUNT_EXISTS') {
      if (event) report('trace', 'turned away, and opened');
      return examineFields(heard, differing);
    }
    if (differing.length > 0) report('answer', `was opened differently: ${differing.join()}`);
    if (answer.status !== (event ? 201 : 200)) {
      report('answer', `${answer.status}, opened by ${event ? 'this' : 'another'} attempt`);
    }
    examineAccount(heard);
  },
};

function openedIn(event: StoredEvent): OpenedRecord {
  return event.data as object as OpenedRecord;
}

/** Examines the account that an answer tells, and returns the revision that it was told at. */
function examineAccount({ attempt, answer, books, events, report }: HeardOfAccount): number {
  const { request, knownBefore } = attempt;
  const revision = answer.body.meta?.revision ?? -1;
  if (revision < knownBefore)
    report('order', `told at ${revision}, after ${knownBefore} was known`);
  const state = books.at(request.address, revision);
  if (!state || revision >= events.length) {
    report('answer', `told at revision ${revision}, where it is not`);
    return revision;
  }
  compare(report, 'answer', answer.body.data, shown(state));
  return revision;
}

function examineEtag({ answer: { body, etag }, report }: HeardOfAccount): void {
  if (etag !== `"${String(body.data?.['version'])}"`) report('answer', `has the ETag ${etag}`);
}

function examineRejection(heard: HeardOfAccount): void {
  const { attempt, answer, books, report } = heard;
  const { request, knownBefore, event } = attempt;
  const { code = '', details = {} } = answer.body.error ?? {};
  if (event) report('trace', `turned away with ${code}, and recorded`);
  if (code === 'ACCOUNT_NOT_FOUND') {
    if (books.at(request.address, knownBefore)) report('answer', 'not found, but opened before');
    return;
  }
  if (code === 'INVALID_ACCOUNT') {
    if (!hasUnreadableLimit(request, books)) report('answer', 'has limits that can be read');
    return;
  }
  const reason = REASONS[code];
  if (answer.status !== reason?.status) return report('answer', `${answer.status} ${code}`);
  const evidence = details['evidence'] as { revision: number; accounts: unknown };
  if (evidence.revision < knownBefore) {
    report('order', `decided at ${evidence.revision}, after ${knownBefore} was known`);
  }
  const state = books.at(request.address, evidence.revision);
  if (!state || !reason.holds(request, state)) return report('answer', `${code} without reason`);
  compare(report, 'answer', evidence.accounts, [evidenceOf(state)]);
}

function hasUnreadableLimit(request: AccountRequest, books: Books): boolean {
  if (request.kind !== 'change-account' && request.kind !== 'open-account') return false;
  const currency =
    request.kind === 'open-account' ? request.currency : books.latest(request.address)?.currency;
  const scale = books.scales.get(currency ?? '') ?? 0;
  return [request.overdraftLimit, request.balanceLimit].some(
    (limit) => typeof limit === 'string' && unitsOf(limit, scale) === undefined,
  );
}
