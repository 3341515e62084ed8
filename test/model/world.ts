// What random commands are made of: few addresses, small amounts, times in steps of six hours.
import fc from 'fast-check';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type Books, written } from './books.js';

/** What the next command may refer to. */
export interface World {
  readonly books: Books;
  readonly past: readonly LedgerCommand[];
  readonly now: string;
}
export type Move = (world: World) => LedgerCommand;

export const START = '2026-03-10T00:00:00.000Z';
export const ADDRESSES = [
  'cash',
  'wallet',
  'shop',
  'fees',
  'cost',
  'yen',
  'tea',
  'dust',
  'coin',
  'mint',
  'new',
];
export const CURRENCIES = ['EUR', 'EUR', 'EUR', 'JPY', 'ETH'];
export const HOURS = 6;

export function pick<T>(list: readonly T[], nat: number): T {
  const item = list[nat % list.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

export function hoursAfter(now: string, hours: number): string {
  return new Date(Date.parse(now) + hours * 3_600_000).toISOString();
}

export const nat = fc.nat(999);
export const rarely = <T>(often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 49, arbitrary: often }, { weight: 1, arbitrary: seldom });

/** Written for the currency; in euros 0.01 to 20.00. */
export const amount = rarely<(currency: string) => string>(
  fc.integer({ min: 1, max: 2000 }).map((cents) => (currency) => {
    if (currency === 'ETH') return written(BigInt(cents) * 10n ** 15n + 1n, currency);
    const text = written(BigInt(cents), currency);
    return cents % 3 === 0 ? text.replace(/\.?0+$/, '') || '1' : text;
  }),
  fc.constantFrom('0', '-1', '1e3', '0.001', '').map((text) => () => text),
);

export const time = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: -12, max: 6 }) },
);
export const timeFrom = (now: string, steps: number | null) =>
  steps === null ? null : hoursAfter(now, steps * HOURS);

/** Mostly an id that was never used. */
export const freshId = nat.map((stray) => ({ past, books }: World): string => {
  if (stray % 60 === 59) return 'no id';
  const ids = books.decided.map(({ id }) => id).filter((id) => !id.includes(' '));
  return stray % 30 === 28 && ids.length > 0 ? pick(ids, stray) : `id-${past.length}`;
});
