// Exchanges: the rate applied anew, with fractions of whole numbers, and what rounding leaves.
import { recordedUnits, textOf } from './amounts.js';
import { type Books } from './books.js';
import { type Report, compare } from './findings.js';
import { type ExchangeData, type TransferData } from './transfer-data.js';

/** Decimals of the auditor's working figures: nothing here ever needs more. */
const FINE = 60;

const ROUNDING_UP: Readonly<Record<string, (twice: bigint, of: bigint, odd: boolean) => boolean>> =
  {
    down: () => false,
    up: (twice) => twice > 0n,
    'half-up': (twice, of) => twice >= of,
    'half-down': (twice, of) => twice > of,
    'half-even': (twice, of, odd) => twice > of || (twice === of && odd),
  };

export function auditExchange(
  { id, legs }: TransferData,
  exchange: ExchangeData,
  books: Books,
  report: Report,
): void {
  const { given, sell, buy, rate, rounding, from, to, via } = exchange;
  const [sellScale, buyScale] = [sell, buy].map(({ currency }) => books.scales.get(currency) ?? 0);
  const [sold, bought] = [
    recordedUnits(sell.amount, sellScale ?? 0),
    recordedUnits(buy.amount, buyScale ?? 0),
  ];
  const fineRate = recordedUnits(rate, FINE);
  const one = 10n ** BigInt(FINE);
  const shift = 10n ** BigInt(buyScale ?? 0);
  const unshift = 10n ** BigInt(sellScale ?? 0);
  const due =
    given === 'sell'
      ? rounded(sold * fineRate * shift, unshift * one, rounding.mode)
      : rounded(bought * one * unshift, fineRate * shift, rounding.mode);
  if (due !== (given === 'sell' ? bought : sold)) {
    report('figures', `${id}: at ${rate} it comes to ${due} smallest units`);
  }
  const exact = (sold * fineRate) / unshift - (bought * one) / shift;
  const left = exact + recordedUnits(books.carried.get(rounding.account) ?? '0', FINE);
  const posted = left - (left % (one / shift));
  compare(report, 'figures', exchange.remainder, {
    exact: plain(exact),
    posted: plain(posted),
    carried: plain(left - posted),
  });
  const amount = textOf((abs(posted) * shift) / one, buyScale ?? 0);
  const [debit, credit] = posted < 0n ? [rounding.account, via.buy] : [via.buy, rounding.account];
  compare(report, 'figures', legs, [
    { debit: from, credit: via.sell, ...sell },
    { debit: via.buy, credit: to, ...buy },
    ...(posted === 0n ? [] : [{ debit, credit, amount, currency: buy.currency }]),
  ]);
}

function rounded(dividend: bigint, divisor: bigint, mode: string): bigint {
  const [whole, rest] = [dividend / divisor, dividend % divisor];
  const isUp = ROUNDING_UP[mode];
  if (!isUp) throw new RangeError(`"${mode}" is no way of rounding`);
  return isUp(rest * 2n, divisor, whole % 2n === 1n) && rest > 0n ? whole + 1n : whole;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Without needless zeros. */
function plain(fine: bigint): string {
  return textOf(fine, FINE).replace(/\.?0+$/, '');
}
