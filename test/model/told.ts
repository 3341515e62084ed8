// The same questions put to the ledger and to the books, with answers that can be compared.
import { type Decision } from '../../src/domain/ledger/decision.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { type LedgerState } from '../../src/domain/ledger/state.js';
import { type Leg, type LegTotals } from '../../src/domain/ledger/transfer-events.js';
import { type Fraction, decimal, fraction } from '../support/fractions.js';
import { type Answer, type Told } from './answer.js';
import { type Books, stateOf, sumsOf, written } from './books.js';

export function answerOf(decision: Exclude<Decision, { readonly kind: 'decided' }>): Answer {
  switch (decision.kind) {
    case 'unchanged':
      return decision;
    case 'rejected':
      return { kind: 'rejected', code: decision.rejection.code };
    case 'event': {
      const { type, data } = decision.event;
      return { kind: 'event', recordedAt: data.recordedAt, type, ...toldBy(decision.event) };
    }
  }
}

function toldBy({ type, data }: LedgerEvent): Told {
  const moves = type === 'TransferPosted' || type === 'TransferHeld' || type === 'TransferCaptured';
  return {
    ...('refusal' in data && { refused: refusedOf(data.refusal) }),
    ...('refusals' in data && {
      failed: data.refusals.map(({ index, refusal }) => [index, refusal.code] as const),
    }),
    ...('balances' in data && {
      balances: data.balances.map(
        ({ account, version, balance, available }) =>
          [account, version, balance, available] as const,
      ),
    }),
    ...('totals' in data && { totals: data.totals?.map(totalsTold) ?? [] }),
    ...(moves && { moved: data.legs.map(legTold) }),
  };
}

function refusedOf({
  code,
  evidence,
}: (LedgerEvent & { type: 'TransferRefused' })['data']['refusal']) {
  const { accounts, conditions } = evidence;
  return {
    code,
    ...(accounts.length > 0 && { accounts: accounts.map(({ account }) => account) }),
    ...(conditions && {
      unmet: conditions.map(({ field, expected, seen }) => `${field} ${expected} ${seen}`),
    }),
  };
}

const totalsTold = ({ held, posted, reversed }: LegTotals) => [held, posted, reversed] as const;
const legTold = ({ debit, credit, amount }: Leg) => [debit, credit, amount] as const;

export function booksTold(books: Books): string[] {
  return [
    `${books.revision} ${books.recordedAt} closed ${books.closedThrough}`,
    ...books.accounts.map((account) => {
      const { debits, credits } = sumsOf(books, account.address);
      const { address, status, freeze, version, overdraftLimit, balanceLimit, metadata } = account;
      return [
        ...[address, status, freeze, version, 'limits', overdraftLimit, balanceLimit],
        ...['posted', debits.posted, credits.posted, 'pending', debits.pending, credits.pending],
        JSON.stringify(metadata),
      ].join(' ');
    }),
    ...books.transfers
      .filter((transfer) => stateOf(transfer) === 'pending')
      .map(({ id, legs, expiresAt, isReversal }) => {
        const totals = legs.map(({ held, posted, reversed, currency }) =>
          [held, posted, reversed].map((units) => written(units, currency)),
        );
        return `${id} pending ${expiresAt} ${isReversal} ${totals.join(' ')}`;
      }),
    ...idsOf(books).map((id) => `${id} at ${books.decided.find((one) => one.id === id)?.revision}`),
    ...books.references.map((reference) => `${reference} taken`),
    ...Object.entries(books.carried).map(([address, rest]) => `${address} carries ${plain(rest)}`),
  ];
}

/** Of everything that the books know, what the ledger knows. */
export function ledgerTold(state: LedgerState, books: Books): string[] {
  return [
    `${state.revision} ${state.recordedAt} closed ${state.closedThrough}`,
    ...books.accounts.map(({ address }) => {
      const account = state.accounts.get(address);
      if (!account) return `${address} is not there`;
      const { status, freeze, version, overdraftLimit, balanceLimit, posted, pending } = account;
      return [
        ...[address, status, freeze, version, 'limits', overdraftLimit, balanceLimit],
        ...['posted', posted.debits, posted.credits, 'pending', pending.debits, pending.credits],
        JSON.stringify(account.metadata),
      ].join(' ');
    }),
    ...books.transfers.flatMap(({ id }) => {
      const transfer = state.transfers.get(id);
      if (transfer?.state !== 'pending') return [];
      const totals = transfer.totals.map(totalsTold);
      return [`${id} pending ${transfer.expiresAt} ${transfer.isReversal} ${totals.join(' ')}`];
    }),
    ...idsOf(books).map((id) => `${id} at ${state.decidedAt.get(id)}`),
    ...books.references
      .filter((reference) => state.references.get(reference) !== undefined)
      .map((reference) => `${reference} taken`),
    ...Object.keys(books.carried).map(
      (address) => `${address} carries ${plain(fraction(state.carried.get(address) ?? 'none'))}`,
    ),
  ];
}

/** The ids that are not those of the ledger and its accounts. */
function idsOf({ decided }: Books): string[] {
  return decided.map(({ id }) => id).filter((id) => !id.includes(' '));
}

// No rate and no amount has more than 18 decimals.
const DECIMALS = 36;
function plain({ top, bottom }: Fraction): string {
  return decimal((top * 10n ** BigInt(DECIMALS)) / bottom, DECIMALS);
}
