// Transfers at random, of every kind.
import fc from 'fast-check';
import { type Condition, type Leg } from '../../src/domain/ledger/transfer-events.js';
import { type WrittenTransfer } from '../../src/domain/ledger/transfer-request.js';
import { type Account, accountAt, standing, written } from './books.js';
import {
  ADDRESSES,
  CURRENCIES,
  type Move,
  type World,
  amount,
  freshId,
  nat,
  pick,
  rarely,
  time,
  timeFrom,
} from './world.js';

const expectedVersions = fc.record(
  { debit: fc.integer({ min: 1, max: 6 }), credit: fc.integer({ min: 1, max: 6 }) },
  { requiredKeys: [], noNullPrototype: true },
);

const leg = fc
  .record({
    currency: nat,
    debit: nat,
    credit: nat,
    amount,
    stray: nat,
    expectedVersions,
    asks: nat,
  })
  .map((made) => ({ books }: World): Leg => {
    const currency = made.stray % 200 === 199 ? 'ZZZ' : pick(CURRENCIES, made.currency);
    const inCurrency = books.accounts.filter((account) => account.currency === currency);
    const any = made.stray % 200 === 198 || inCurrency.length === 0;
    const among = any ? ADDRESSES : inCurrency.map(({ address }) => address);
    const debit = pick(among, made.debit);
    const others = among.filter((address) => address !== debit);
    const alone = made.stray % 200 === 197 || others.length === 0;
    return {
      debit,
      credit: alone ? debit : pick(others, made.credit),
      amount: made.amount(currency),
      currency,
      ...(made.asks % 8 === 7 && { expectedVersions: made.expectedVersions }),
    };
  });

const BOUNDS = ['gte', 'lte', 'eq'] as const;
const condition = fc
  .record({ account: nat, what: nat, off: fc.integer({ min: -2, max: 2 }) })
  .map(({ account, what, off }) => ({ books }: World): Condition => {
    const about = accountAt(books, pick(ADDRESSES, account));
    if (!about) return { account: 'nobody', version: 1 };
    if (what % 25 === 24) return { account: about.address };
    if (what % 3 === 0)
      return { account: about.address, version: Math.max(about.version + off, 0) };
    const sum = what % 2 === 0 ? ('balance' as const) : ('available' as const);
    const text = written(standing(books, about)[sum] + BigInt(off), about.currency);
    return { account: about.address, [sum]: { [pick(BOUNDS, Math.floor(what / 6))]: text } };
  });

const none: fc.Arbitrary<((world: World) => Condition)[]> = fc.constant([]);

const transfer = fc
  .record({
    id: freshId,
    legs: rarely<readonly ((world: World) => Leg)[]>(
      fc.array(leg, { minLength: 1, maxLength: 3 }),
      fc.constant([]),
    ),
    effectiveAt: time,
    reference: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom('r1', 'r2')),
    conditions: fc.oneof(
      { weight: 9, arbitrary: none },
      fc.array(condition, { minLength: 1, maxLength: 3 }),
    ),
    holds: fc.nat(2),
    expiresIn: fc.option(fc.integer({ min: 0, max: 16 })),
  })
  .map((made) => (world: World): WrittenTransfer => ({
    id: made.id(world),
    legs: made.legs.map((make) => make(world)),
    effectiveAt: timeFrom(world.now, made.effectiveAt),
    ...{ reference: made.reference, description: null, metadata: {} },
    conditions: made.conditions.map((make) => make(world)),
    pending: made.holds > 0 ? { expiresAt: timeFrom(world.now, made.expiresIn) } : null,
  }));

export const post = transfer.map((make): Move => (world) => ({
  ...{ type: 'PostTransfer', ...make(world), now: world.now },
}));

export const batch = fc
  .record({ id: freshId, transfers: fc.array(transfer, { maxLength: 4 }), alike: nat })
  .map(({ id, transfers, alike }): Move => (world) => ({
    type: 'PostBatch',
    id: id(world),
    transfers: transfers.map((make, index) => {
      const made = make(world);
      const own = made.id.startsWith('id-') && alike % 15 !== 14;
      return own ? { ...made, id: `${made.id}-${index}` } : made;
    }),
    now: world.now,
  }));

export const exchange = fc
  .record({
    id: freshId,
    accounts: fc.tuple(nat, nat, nat, nat, nat),
    given: fc.constantFrom('sell' as const, 'buy' as const),
    amount,
    rate: fc.constantFrom('1', '0.5', '163.25', '0.0061', '1.005', '0.000412345678901235', '0'),
    mode: fc.constantFrom('half-even', 'half-up', 'half-down', 'up', 'down'),
    effectiveAt: time,
    conditions: rarely(none, fc.array(condition, { minLength: 1, maxLength: 1 })),
    stray: nat,
  })
  .map((made): Move => (world) => {
    const accounts: readonly Pick<Account, 'address' | 'currency'>[] = world.books.accounts;
    const [first, second, third, fourth, fifth] = made.accounts;
    const from = pick(accounts.length > 0 ? accounts : [{ address: 'a', currency: 'EUR' }], first);
    const elsewhere = accounts.filter(({ currency }) => currency !== from.currency);
    const to = elsewhere.length === 0 || made.stray % 30 === 29 ? from : pick(elsewhere, second);
    const keeping = (currency: string, other: string, index: number) => {
      const among = accounts.filter((one) => one.currency === currency && one.address !== other);
      return made.stray % 30 === 28 || among.length === 0
        ? pick(ADDRESSES, index)
        : pick(among, index).address;
    };
    const buy = keeping(to.currency, to.address, fourth);
    return {
      type: 'ExchangeMoney',
      id: made.id(world),
      ...{ from: from.address, to: to.address, given: made.given },
      via: { sell: keeping(from.currency, from.address, third), buy },
      amount: made.amount(made.given === 'sell' ? from.currency : to.currency),
      ...{ rate: made.rate, source: null },
      rounding: { mode: made.mode, account: keeping(to.currency, buy, fifth) },
      effectiveAt: timeFrom(world.now, made.effectiveAt),
      ...{ reference: null, description: null, metadata: {} },
      conditions: made.conditions.map((make) => make(world)),
      now: world.now,
    };
  });
