// What any command comes to in the books, and the books afterwards.
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type ExchangeMoney } from '../../src/domain/ledger/exchange-money.js';
import { type PostBatch } from '../../src/domain/ledger/post-batch.js';
import { type PostTransfer } from '../../src/domain/ledger/post-transfer.js';
import { type WrittenTransfer } from '../../src/domain/ledger/transfer-request.js';
import {
  type Fraction,
  NOTHING,
  fraction,
  minus,
  over,
  plus,
  rounded,
  times,
} from '../support/fractions.js';
import { changeAccount, closePeriod, openAccount, openLedger, reopenPeriod } from './accounts.js';
import { type Step, balancesAt, decidedBefore, happens, rejected, timeOf } from './answer.js';
import { type Books, SCALES, accountAt, unitsOf, withTransfer, written } from './books.js';
import { exchangeProblem, idProblem, transferProblem } from './problems.js';
import { capture, expire, release, reverse } from './acts.js';
import { type Wanted, attempt, touchedBy, transferAs } from './transfers.js';

export function step(books: Books, command: LedgerCommand): Step {
  switch (command.type) {
    case 'OpenLedger':
      return openLedger(books, command);
    case 'OpenAccount':
      return openAccount(books, command);
    case 'ChangeAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
      return changeAccount(books, command);
    case 'PostTransfer':
      return post(books, command);
    case 'ExchangeMoney':
      return exchange(books, command);
    case 'PostBatch':
      return postBatch(books, command);
    case 'CaptureTransfer':
      return capture(books, command);
    case 'VoidTransfer':
      return release(books, command);
    case 'ExpireTransfer':
      return expire(books, command);
    case 'ReverseTransfer':
      return reverse(books, command);
    case 'ClosePeriod':
      return closePeriod(books, command);
    case 'ReopenPeriod':
      return reopenPeriod(books, command);
  }
}

function wantedOf(request: WrittenTransfer, recordedAt: string): Wanted {
  return { ...request, recordedAt, effectiveAt: request.effectiveAt ?? recordedAt };
}

function post(books: Books, command: PostTransfer): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const before = decidedBefore(books, command.id, command);
  if (before) return before;
  const problem = transferProblem(books, command);
  if (problem !== undefined) return rejected(books, problem);
  return carriedOut(books, command, wantedOf(command, timeOf(command, books)));
}

function carriedOut(books: Books, command: PostTransfer | ExchangeMoney, wanted: Wanted): Step {
  const outcome = attempt(books, wanted);
  if ('refused' in outcome) {
    const after = withTransfer(books, transferAs(wanted, 'refused'));
    const { refused } = outcome;
    return happens(
      command,
      [wanted.id],
      { before: books, after },
      { type: 'TransferRefused', refused },
    );
  }
  const { after } = outcome;
  return happens(
    command,
    [wanted.id],
    { before: books, after },
    {
      type: wanted.pending ? 'TransferHeld' : 'TransferPosted',
      balances: balancesAt(after, touchedBy(wanted.legs)),
      moved: wanted.legs.map(({ debit, credit, amount, currency }) => [
        ...([debit, credit, written(unitsOf(amount, currency) ?? 0n, currency)] as const),
      ]),
    },
  );
}

function postBatch(books: Books, command: PostBatch): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const before = decidedBefore(books, command.id, command);
  if (before) return before;
  const { id, transfers } = command;
  if (idProblem(id) !== undefined) return rejected(books, 'INVALID_TRANSFER');
  if (transfers.length === 0) return rejected(books, 'INVALID_BATCH');
  const ids = [id, ...transfers.map((transfer) => transfer.id)];
  for (const [index, request] of transfers.entries()) {
    if (ids.indexOf(request.id) <= index) return rejected(books, 'INVALID_BATCH');
    const used = books.decided.some((decided) => decided.id === request.id);
    const problem = used ? 'TRANSFER_ID_REUSED' : transferProblem(books, request);
    if (problem !== undefined) return rejected(books, problem);
  }
  const recordedAt = timeOf(command, books);
  const failed: (readonly [number, string])[] = [];
  let after = books;
  const made = transfers.filter((request, index) => {
    const outcome = attempt(after, wantedOf(request, recordedAt));
    if ('refused' in outcome) failed.push([index, outcome.refused.code]);
    else after = outcome.after;
    return 'after' in outcome;
  });
  if (failed.length > 0) {
    const refused = { code: 'BATCH_REFUSED' };
    return happens(command, [id], { before: books }, { type: 'BatchRefused', refused, failed });
  }
  const balances = balancesAt(after, touchedBy(made.flatMap(({ legs }) => legs)));
  return happens(command, ids, { before: books, after }, { type: 'BatchPosted', balances });
}

const AMOUNT_MOST = 10n ** 30n;

/** Whether the size of one, whatever its sign, comes up to the other. */
function isAtLeast(one: Fraction, other: Fraction): boolean {
  const size = one.top < 0n ? -one.top : one.top;
  return size * other.bottom >= other.top * one.bottom;
}

function exchange(books: Books, command: ExchangeMoney): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const before = decidedBefore(books, command.id, command);
  if (before) return before;
  const problem = exchangeProblem(books, command);
  if (problem !== undefined) return rejected(books, problem);
  const { from, to, via, given, rounding } = command;
  const [sold, bought] = [from, to].map((address) => accountAt(books, address)?.currency ?? '');
  if (sold === undefined || bought === undefined) throw new Error('both accounts were looked at');
  const [amount, rate] = [fraction(command.amount), fraction(command.rate)];
  const buyScale = SCALES[bought] ?? 0;
  const other = given === 'sell' ? bought : sold;
  const exactly = given === 'sell' ? times(amount, rate) : over(amount, rate);
  const units = rounded(exactly, SCALES[other] ?? 0, rounding.mode);
  if (units === 0n || units >= AMOUNT_MOST * 10n ** BigInt(SCALES[other] ?? 0)) {
    return rejected(books, 'INVALID_AMOUNT');
  }
  const computed = written(units, other);
  const [sell, buy] = given === 'sell' ? [command.amount, computed] : [computed, command.amount];
  const leaves = minus(times(fraction(sell), rate), fraction(buy));
  if (isAtLeast(leaves, fraction(buy))) return rejected(books, 'INVALID_AMOUNT');
  const left = plus(leaves, books.carried[rounding.account] ?? NOTHING);
  // BigInt division cuts off towards zero.
  const posted = (left.top * 10n ** BigInt(buyScale)) / left.bottom;
  const carried = minus(left, { top: posted, bottom: 10n ** BigInt(buyScale) });
  const restLeg =
    posted > 0n
      ? { debit: via.buy, credit: rounding.account }
      : { debit: rounding.account, credit: via.buy };
  const size = written(posted < 0n ? -posted : posted, bought);
  const legs = [
    { debit: from, credit: via.sell, amount: sell, currency: sold },
    { debit: via.buy, credit: to, amount: buy, currency: bought },
    ...(posted === 0n ? [] : [{ ...restLeg, amount: size, currency: bought }]),
  ];
  const wanted = wantedOf({ ...command, legs, pending: null }, timeOf(command, books));
  const [answer, after] = carriedOut(books, command, wanted);
  const happened = answer.kind === 'event' && answer.type === 'TransferPosted';
  return happened
    ? [answer, { ...after, carried: { ...after.carried, [rounding.account]: carried } }]
    : [answer, after];
}
