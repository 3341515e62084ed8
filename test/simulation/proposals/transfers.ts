// New transfers: mostly sound ones, some that cannot be right as they stand.
import { ADDRESSES, CURRENCIES, type CurrencyCode, worldOf } from '../customers.js';
import { type Draws } from '../draws.js';
import { type Memory } from '../memory.js';
import {
  type ConditionAsked,
  type Identified,
  type LegAsked,
  type TransferAsked,
} from '../requests.js';
import { idFor } from './ids.js';

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
const REFERENCES = 5_000;
const CONDITION_CHANCE = 0.1;
const EXPECTED_VERSION_CHANCE = 0.02;
/** From now; what is negative is over already. */
const EXPIRY_MS = [-1_000, 500, 2_000, 5_000, 20_000, 3_600_000];
const AMOUNT_DIGITS_MAX = 5;

export function newTransfer(draws: Draws, memory: Memory): TransferAsked {
  return transferUnder(idFor(draws, memory), draws, memory);
}

/** A sound transfer under an id that is given. */
export function transferUnder(named: Identified, draws: Draws, memory: Memory): TransferAsked {
  const { most } = draws.weighted(LEG_COUNTS);
  const mixed = draws.chance(SEVERAL_CURRENCIES_CHANCE);
  const currency = draws.zipf(CURRENCIES);
  const legs = Array.from({ length: 1 + draws.below(most) }, () =>
    legIn(mixed ? draws.zipf(CURRENCIES) : currency, draws, memory),
  );
  const conditions = draws.chance(CONDITION_CHANCE) && {
    conditions: [conditionOn(draws.pick(legs).debit, draws, memory)],
  };
  return { kind: 'post-transfer', ...named, legs, ...detailsOf(draws), ...conditions };
}

/** One to be captured later, mostly by somebody else. */
export function pendingTransfer(draws: Draws, memory: Memory): TransferAsked {
  const ms = draws.pick(EXPIRY_MS);
  const expiresAt = new Date(Date.now() + ms).toISOString();
  const pending = draws.chance(0.4) ? {} : { expiresAt };
  return { ...newTransfer(draws, memory), pending };
}

/** Only asked what it would come to; the same id may be used in earnest later. */
export function dryRun(draws: Draws, memory: Memory): TransferAsked {
  const earlier = memory.decided.filter((request) => request.kind === 'post-transfer');
  const again = earlier.length > 0 && draws.chance(0.3);
  return { ...(again ? draws.pick(earlier) : newTransfer(draws, memory)), dryRun: true };
}

function conditionOn(account: string, draws: Draws, { versions }: Memory): ConditionAsked {
  const version = versions.get(account);
  if (version !== undefined && draws.chance(0.3)) return { account, version };
  const sum = draws.pick(['balance', 'available'] as const);
  const bound = draws.pick(['gte', 'lte', 'eq'] as const);
  return { account, [sum]: { [bound]: draws.pick(['0', '10', '100', '-5000']) } };
}

type Currency = (typeof CURRENCIES)[number];

function legIn({ code, scale }: Currency, draws: Draws, memory: Memory): LegAsked {
  const { from, to } = draws.weighted(DIRECTIONS);
  const debit = from === 'world' ? worldOf(code) : customerIn(code, draws, memory);
  let credit = to === 'world' ? worldOf(code) : customerIn(code, draws, memory);
  while (credit === debit) credit = draws.pick(ADDRESSES[code]);
  const version = memory.versions.get(debit);
  return {
    ...{ debit, credit, amount: amountOf(scale, draws), currency: code },
    ...(version !== undefined &&
      draws.chance(EXPECTED_VERSION_CHANCE) && { expectedVersions: { debit: version } }),
  };
}

function customerIn(currency: CurrencyCode, draws: Draws, { accounts }: Memory): string {
  const own = accounts.filter((account) => account.currency === currency);
  if (own.length > 0 && draws.chance(OWN_ACCOUNT_CHANCE)) return draws.pick(own).address;
  return draws.zipf(ADDRESSES[currency]);
}

/** Small ones as often as large ones; with all of its decimals, or without the last zeros. */
export function amountOf(scale: number, draws: Draws): string {
  const units = 1 + draws.below(10 ** (1 + draws.below(AMOUNT_DIGITS_MAX)));
  const digits = String(units).padStart(scale + 1, '0');
  if (scale === 0) return digits;
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return draws.chance(0.5) ? text : text.replace(/\.?0+$/, '');
}

function detailsOf(draws: Draws): Partial<TransferAsked> {
  const some = () => draws.chance(DETAILS_CHANCE);
  return {
    ...(some() && { reference: `ref-${draws.below(REFERENCES)}` }),
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
