// Why a request does not fit the ledger: the first problem, in the order of its fields.
import { type ExchangeMoney } from '../../src/domain/ledger/exchange-money.js';
import { type Condition, type Leg } from '../../src/domain/ledger/transfer-events.js';
import { type WrittenTransfer } from '../../src/domain/ledger/transfer-request.js';
import { type Books, SCALES, accountAt, unitsOf } from './books.js';

type Problem = string | undefined;

function firstOf(problems: readonly Problem[]): Problem {
  return problems.find((problem) => problem !== undefined);
}

export function idProblem(id: string): Problem {
  return id === '' || id.includes(' ') ? 'INVALID_TRANSFER' : undefined;
}

export function amountProblem(text: string, currency: string): Problem {
  const units = text.startsWith('-') ? undefined : unitsOf(text, currency);
  return units === undefined || units === 0n ? 'INVALID_AMOUNT' : undefined;
}

export function transferProblem(books: Books, request: WrittenTransfer): Problem {
  return firstOf([
    idProblem(request.id),
    request.legs.length === 0 || request.legs.length > 100 ? 'INVALID_TRANSFER' : undefined,
    ...request.legs.map((leg) => legProblem(books, leg)),
    conditionProblem(books, request.conditions),
  ]);
}

function legProblem(books: Books, { debit, credit, amount, currency }: Leg): Problem {
  const known = currency in SCALES;
  const sides = [debit, credit].map((address) => {
    const account = accountAt(books, address);
    if (!account) return 'UNKNOWN_ACCOUNT';
    return known && account.currency !== currency ? 'CURRENCY_MISMATCH' : undefined;
  });
  return firstOf([
    known ? amountProblem(amount, currency) : 'UNKNOWN_CURRENCY',
    debit === credit ? 'SAME_ACCOUNT' : undefined,
    ...sides,
  ]);
}

function conditionProblem(books: Books, conditions: readonly Condition[]): Problem {
  return firstOf(
    conditions.map(({ account, version, balance, available }) => {
      const about = accountAt(books, account);
      if (!about) return 'UNKNOWN_ACCOUNT';
      if (version === undefined && !balance && !available) return 'INVALID_TRANSFER';
      const bounds = [balance, available].flatMap((sum) => [sum?.gte, sum?.lte, sum?.eq]);
      const unreadable = bounds.some(
        (bound) => bound !== undefined && unitsOf(bound, about.currency) === undefined,
      );
      return unreadable ? 'INVALID_AMOUNT' : undefined;
    }),
  );
}

export function exchangeProblem(books: Books, command: ExchangeMoney): Problem {
  const { from, to, via, rounding, given, amount, rate } = command;
  const currencyOf = (address: string) => accountAt(books, address)?.currency;
  const [sold, bought] = [currencyOf(from), currencyOf(to)];
  const others = [
    [via.sell, sold],
    [via.buy, bought],
    [rounding.account, bought],
  ] as const;
  if (!sold || !bought || others.some(([address]) => !currencyOf(address)))
    return 'UNKNOWN_ACCOUNT';
  if (others.some(([address, currency]) => currencyOf(address) !== currency)) {
    return 'CURRENCY_MISMATCH';
  }
  const alike = via.sell === from || via.buy === to || rounding.account === via.buy;
  return firstOf([
    idProblem(command.id),
    amountProblem(amount, given === 'sell' ? sold : bought),
    /^\d+(\.\d+)?$/.test(rate) && /[1-9]/.test(rate) ? undefined : 'INVALID_AMOUNT',
    alike ? 'SAME_ACCOUNT' : undefined,
    sold === bought ? 'CURRENCY_MISMATCH' : undefined,
    conditionProblem(books, command.conditions),
  ]);
}
