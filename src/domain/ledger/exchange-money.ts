// Exchanging money: one atomic transfer in two currencies through two liquidity accounts, at the
// caller's rate. What rounding leaves is kept exactly: whole smallest units of it are posted to the
// rounding account, the rest is carried to the next exchange that names that account.
import { type Conversion, type RoundingMode, convert, isRate } from '../exchange-rate.js';
import { AMOUNT_INTEGER_DIGITS_MAX, sameAmount } from '../money.js';
import { type Account } from './account.js';
import { canonicalCondition, conditionProblems } from './conditions.js';
import { decideRequest } from './decide-request.js';
import { type Decision, decidedBefore, happened, rejected } from './decision.js';
import { type Metadata } from './metadata.js';
import { openedAccount } from './movements.js';
import { differing, requestOf, same } from './post-transfer.js';
import { type LedgerState } from './state.js';
import {
  type Condition,
  type Exchange,
  type Leg,
  type TransferRequest,
} from './transfer-events.js';
import { amountProblems, canonicalAmount, idProblems } from './transfer-request.js';
import { type Unfit, rejectedAs, unknownAccount } from './unfit.js';

export const RATE_SOURCE_LENGTH_MAX = 200;
export const RATE_EXPECTED =
  'a decimal string greater than zero with at most 18 digits on each side of the point: units ' +
  'bought for one unit sold, such as "1.0857"';

export interface ExchangeMoney {
  readonly type: 'ExchangeMoney';
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly via: Exchange['via'];
  readonly given: 'sell' | 'buy';
  /** What is sold or bought, whichever is given. */
  readonly amount: string;
  readonly rate: string;
  readonly source: string | null;
  readonly rounding: { readonly mode: RoundingMode; readonly account: string };
  /** RFC 3339 in UTC with milliseconds; null is the time of recording. */
  readonly effectiveAt: string | null;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly conditions: readonly Condition[];
  readonly now: string;
}

export function exchangeMoney(state: LedgerState, command: ExchangeMoney): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const revision = state.decidedAt.get(command.id);
  if (revision !== undefined) return decidedBefore(revision);
  const misnamed = rejectedAs(accountProblems(state, command));
  if (misnamed) return misnamed;
  const accounts = {
    from: openedAccount(state, command.from),
    to: openedAccount(state, command.to),
  };
  const unfit = rejectedAs([
    ...idProblems(command.id),
    ...exchangeProblems(command, accounts),
    ...conditionProblems(state, command.conditions),
  ]);
  if (unfit) return unfit;
  const converted = conversionOf(state, command, accounts);
  const nothing = nothingMoves(command, converted);
  return (
    nothing ?? happened(decideRequest(state, exchangeRequest(state, command, accounts, converted)))
  );
}

/** The fields in which a repeated request differs from the one recorded under the same id. */
export function exchangeDifferences(
  state: LedgerState,
  recorded: TransferRequest,
  command: ExchangeMoney,
): string[] {
  const { exchange } = recorded;
  if (!exchange) return ['type'];
  const { via, rounding } = command;
  const scale = state.accounts.get(command.given === 'sell' ? command.from : command.to)?.scale;
  const sameGiven =
    exchange.given === command.given &&
    exchange[command.given].amount === canonicalAmount(command.amount, scale);
  const conditions = command.conditions.map((item) => canonicalCondition(state, item));
  return [
    ...(sameAmount(exchange.rate, command.rate) ? [] : ['rate']),
    ...(['from', 'to', 'source'] as const).filter((field) => exchange[field] !== command[field]),
    ...(exchange.via.sell === via.sell && exchange.via.buy === via.buy ? [] : ['via']),
    ...(exchange.rounding.mode === rounding.mode && exchange.rounding.account === rounding.account
      ? []
      : ['rounding']),
    ...(sameGiven ? [] : [command.given]),
    ...differing(recorded, command),
    ...(same(recorded.conditions ?? [], conditions) ? [] : ['conditions']),
  ];
}

interface ExchangeAccounts {
  readonly from: Account;
  readonly to: Account;
}

/** Accounts that were never opened; otherwise, those that keep another currency than they have to. */
function accountProblems(
  state: LedgerState,
  { from, to, via, rounding }: ExchangeMoney,
): readonly Unfit[] {
  const named = [
    ['from', from],
    ['to', to],
    ['via.sell', via.sell],
    ['via.buy', via.buy],
    ['rounding.account', rounding.account],
  ] as const;
  const unknown = named.filter(([, address]) => !state.accounts.get(address));
  if (unknown.length > 0) {
    return unknown.map(([field, address]) => unknownAccount(address, field));
  }
  const { currency: sold } = openedAccount(state, from);
  const { currency: bought } = openedAccount(state, to);
  return [
    ...keeps(state, via.sell, sold, 'via.sell'),
    ...keeps(state, via.buy, bought, 'via.buy'),
    ...keeps(state, rounding.account, bought, 'rounding.account'),
  ];
}

function keeps(state: LedgerState, address: string, currency: string, field: string): Unfit[] {
  const kept = state.accounts.get(address)?.currency;
  if (kept === currency) return [];
  return [
    {
      code: 'CURRENCY_MISMATCH',
      field,
      problem: `account "${address}" keeps ${kept}`,
      expected: `an account that keeps ${currency}`,
    },
  ];
}

function exchangeProblems(command: ExchangeMoney, { from, to }: ExchangeAccounts): Unfit[] {
  const { given, amount, rate, via, rounding } = command;
  const { currency, scale } = given === 'sell' ? from : to;
  const problems = amountProblems({ amount, currency }, scale, given);
  if (!isRate(rate)) {
    const problem = `"${rate}" is not a rate`;
    problems.push({ code: 'INVALID_AMOUNT', field: 'rate', problem, expected: RATE_EXPECTED });
  }
  const differ = (field: string, one: string, other: string) => {
    if (one !== other) return;
    const expected = 'two different accounts';
    problems.push({ code: 'SAME_ACCOUNT', field, problem: `"${one}" is on both sides`, expected });
  };
  differ('via.sell', via.sell, command.from);
  differ('via.buy', via.buy, command.to);
  differ('rounding.account', rounding.account, via.buy);
  if (from.currency === to.currency) {
    problems.push({
      code: 'CURRENCY_MISMATCH',
      field: 'to',
      problem: `both accounts keep ${to.currency}`,
      expected: 'accounts in two currencies; a transfer moves money within one',
    });
  }
  return problems;
}

function conversionOf(
  state: LedgerState,
  { given, amount, rate, rounding }: ExchangeMoney,
  { from, to }: ExchangeAccounts,
): Conversion {
  return convert({
    given,
    amount,
    rate,
    mode: rounding.mode,
    sellScale: from.scale,
    buyScale: to.scale,
    carriedBefore: state.carried.get(rounding.account) ?? '0',
  });
}

// Too little to come to a smallest unit of the other currency, or far more than any amount. An amount
// bought that is smaller than what rounding leaves comes of a rate that is upside down.
function nothingMoves(
  { given, amount, rate }: ExchangeMoney,
  { sell, buy, outweighed }: Conversion,
): Decision | undefined {
  const other = given === 'sell' ? buy : sell;
  if (
    !outweighed &&
    /[1-9]/.test(other) &&
    other.split('.', 1).join('').length <= AMOUNT_INTEGER_DIGITS_MAX
  )
    return undefined;
  const problem = `"${amount}" at a rate of ${rate} comes to ${other}`;
  const expected =
    'an amount that comes to at least one smallest unit and to less than 10^30, and of which rounding ' +
    'leaves less than is bought';
  return rejectedAs([{ code: 'INVALID_AMOUNT', field: given, problem, expected }]);
}

function exchangeRequest(
  state: LedgerState,
  command: ExchangeMoney,
  { from, to }: ExchangeAccounts,
  converted: Conversion,
): TransferRequest {
  const { via, given, rate, source, rounding } = command;
  const exchange: Exchange = {
    from: from.address,
    to: to.address,
    via: { sell: via.sell, buy: via.buy },
    given,
    sell: { amount: converted.sell, currency: from.currency },
    buy: { amount: converted.buy, currency: to.currency },
    rate,
    source,
    rounding: { mode: rounding.mode, account: rounding.account },
    remainder: {
      exact: converted.exact,
      posted: converted.posted,
      carried: converted.carried,
    },
  };
  const legs = legsOf(exchange, to.scale);
  return { ...requestOf(state, { ...command, legs, pending: null }), exchange };
}

function legsOf({ from, to, via, sell, buy, rounding, remainder }: Exchange, scale: number): Leg[] {
  const { posted } = remainder;
  const legs = [
    { debit: from, credit: via.sell, ...sell },
    { debit: via.buy, credit: to, ...buy },
  ];
  if (posted === '0') return legs;
  const takes = posted.startsWith('-');
  const amount = canonicalAmount(takes ? posted.slice(1) : posted, scale);
  const { currency } = buy;
  return [
    ...legs,
    takes
      ? { debit: rounding.account, credit: via.buy, amount, currency }
      : { debit: via.buy, credit: rounding.account, amount, currency },
  ];
}
