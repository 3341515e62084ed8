// New transfers: mostly sound ones, some that cannot be right as they stand.
import { ADDRESSES, CURRENCIES, type CurrencyCode, worldOf } from '../customers.js';
import { type Draws } from '../draws.js';
import { type Memory } from '../memory.js';
import { type LegAsked, type TransferAsked } from '../requests.js';

const LEG_COUNTS = [
  { weight: 70, most: 1 },
  { weight: 25, most: 4 },
  { weight: 5, most: 20 },
];
/** Between whom a leg moves money. */
const DIRECTIONS = [
  { weight: 40, from: 'world', to: 'customer' },
  { weight: 15, from: 'customer', to: 'world' },
  { weight: 45, from: 'customer', to: 'customer' },
] as const;
const OWN_ACCOUNT_CHANCE = 0.2;
const SEVERAL_CURRENCIES_CHANCE = 0.2;
const DETAILS_CHANCE = 0.3;
const KEY_CHANCE = 0.2;
const AMOUNT_DIGITS_MAX = 5;

export function newTransfer(draws: Draws, memory: Memory): TransferAsked {
  return transferUnder({ id: memory.fresh(), idAsKey: draws.chance(KEY_CHANCE) }, draws, memory);
}

/** A sound transfer under an id that is given. */
export function transferUnder(
  named: Pick<TransferAsked, 'id' | 'idAsKey'>,
  draws: Draws,
  memory: Memory,
): TransferAsked {
  const { most } = draws.weighted(LEG_COUNTS);
  const mixed = draws.chance(SEVERAL_CURRENCIES_CHANCE);
  const currency = draws.zipf(CURRENCIES);
  const legs = Array.from({ length: 1 + draws.below(most) }, () =>
    legIn(mixed ? draws.zipf(CURRENCIES) : currency, draws, memory),
  );
  return { kind: 'post-transfer', ...named, legs, ...detailsOf(draws) };
}

type Currency = (typeof CURRENCIES)[number];

function legIn({ code, scale }: Currency, draws: Draws, memory: Memory): LegAsked {
  const { from, to } = draws.weighted(DIRECTIONS);
  const debit = from === 'world' ? worldOf(code) : customerIn(code, draws, memory);
  let credit = to === 'world' ? worldOf(code) : customerIn(code, draws, memory);
  while (credit === debit) credit = draws.pick(ADDRESSES[code]);
  return { debit, credit, amount: amountOf(scale, draws), currency: code };
}

function customerIn(currency: CurrencyCode, draws: Draws, { accounts }: Memory): string {
  const own = accounts.filter((account) => account.currency === currency);
  if (own.length > 0 && draws.chance(OWN_ACCOUNT_CHANCE)) return draws.pick(own).address;
  return draws.zipf(ADDRESSES[currency]);
}

/** Small ones as often as large ones; with all of its decimals, or without the last zeros. */
function amountOf(scale: number, draws: Draws): string {
  const units = 1 + draws.below(10 ** (1 + draws.below(AMOUNT_DIGITS_MAX)));
  const digits = String(units).padStart(scale + 1, '0');
  if (scale === 0) return digits;
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return draws.chance(0.5) ? text : text.replace(/\.?0+$/, '');
}

function detailsOf(draws: Draws): Partial<TransferAsked> {
  const some = () => draws.chance(DETAILS_CHANCE);
  return {
    ...(some() && { reference: `ref-${draws.below(1_000)}` }),
    ...(some() && { description: 'Rent, käse & 円' }),
    ...(some() && { metadata: { order: String(draws.below(100)), channel: 'app' } }),
    ...(some() && { effectiveAt: `2026-0${1 + draws.below(6)}-15T10:00:00+02:00` }),
  };
}

type Spoiler = (leg: LegAsked) => LegAsked;

/** What makes a leg one that no books can take as it stands. */
const SPOILERS: readonly Spoiler[] = [
  (leg) => ({ ...leg, debit: 'nobody' }),
  (leg) => ({ ...leg, credit: leg.debit }),
  (leg) => ({ ...leg, currency: leg.currency === 'EUR' ? 'JPY' : 'EUR', amount: '1' }),
  (leg) => ({ ...leg, currency: 'QQQ' }),
  (leg) => ({ ...leg, amount: '0.00' }),
  (leg) => ({ ...leg, amount: '0.123456789' }),
];

export function unfitTransfer(draws: Draws, memory: Memory): TransferAsked {
  const sound = newTransfer(draws, memory);
  const spoilt = draws.below(sound.legs.length);
  const spoil = draws.pick(SPOILERS);
  return { ...sound, legs: sound.legs.map((leg, n) => (n === spoilt ? spoil(leg) : leg)) };
}
