import fc from 'fast-check';
import { fold } from '../../../test/support/given-when-then.js';
import {
  NOON,
  accountEvents,
  accountOpened,
  ledgerOpened,
  leg,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import { InvariantViolation } from '../errors.js';
import { availableOf, balanceOf } from './account.js';
import { decide } from './decide.js';
import { type LedgerEvent } from './events.js';
import { evolve } from './evolve.js';
import { type LedgerState, layerOver, settle } from './state.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;
const TYPES = ['asset', 'liability', 'equity', 'income', 'expense'] as const;
const books: LedgerEvent[] = [
  ledgerOpened(),
  ...NAMES.map((name, index) =>
    accountOpened(name, TYPES[index] ?? 'asset', { overdraftLimit: index < 2 ? null : '50.00' }),
  ),
];

const legs = fc
  .record({
    debit: fc.constantFrom(...NAMES),
    credit: fc.constantFrom(...NAMES),
    cents: fc.integer({ min: 1, max: 10_000 }),
  })
  .filter(({ debit, credit }) => debit !== credit)
  .map(({ debit, credit, cents }) => leg(debit, credit, (cents / 100).toFixed(2)));
const transfers = fc.array(fc.array(legs, { minLength: 1, maxLength: 5 }), { maxLength: 40 });

function run(
  state: LedgerState,
  history: LedgerEvent[],
  requests: readonly (typeof legs extends fc.Arbitrary<infer L> ? L[] : never)[],
) {
  requests.forEach((request, index) => {
    const decision = decide(state, postTransfer(`t${index}`, request));
    if (decision.kind !== 'event') throw new Error(JSON.stringify(decision));
    evolve(state, decision.event);
    history.push(decision.event);
  });
}

describe('folding any history of transfers', () => {
  it('keeps debits equal to credits, every rule, and what was recorded', () => {
    fc.assert(
      fc.property(transfers, (requests) => {
        const state = fold(books);
        run(state, [], requests);
        const accounts = NAMES.map((name) => state.accounts.get(name)).filter(
          (a) => a !== undefined,
        );
        const sum = (side: 'debits' | 'credits') =>
          accounts.reduce((s, a) => s + a.posted[side], 0n);
        expect(sum('debits')).toBe(sum('credits'));
        for (const account of accounts) {
          const floor = account.overdraftLimit === null ? undefined : -account.overdraftLimit;
          expect(floor === undefined || balanceOf(account) >= floor).toBe(true);
          expect(availableOf(account)).toBe(balanceOf(account));
        }
      }),
    );
  });

  it('comes to the same state however often it is folded', () => {
    fc.assert(
      fc.property(transfers, (requests) => {
        const live = fold(books);
        const history = [...books];
        run(live, history, requests);
        const again = fold(history);
        for (const name of NAMES) expect(again.accounts.get(name)).toEqual(live.accounts.get(name));
        expect(again.revision).toBe(live.revision);
      }),
    );
  });

  it('leaves the state below a layer untouched until it is settled', () => {
    fc.assert(
      fc.property(transfers, (requests) => {
        const state = fold(books);
        const before = NAMES.map((name) => state.accounts.get(name));
        const layer = layerOver(state);
        run(layer, [], requests);
        expect(NAMES.map((name) => state.accounts.get(name))).toEqual(before);
        expect(state.decidedAt.get('t0')).toBeUndefined();
        settle(layer, state);
        expect(NAMES.map((name) => state.accounts.get(name))).toEqual(
          NAMES.map((name) => layer.accounts.get(name)),
        );
        expect(state.revision).toBe(layer.revision);
      }),
    );
  });
});

describe('a log that contradicts itself stops the fold', () => {
  const posted = (data: object): LedgerEvent => ({
    type: 'TransferPosted',
    data: {
      id: 't',
      legs: [leg('a', 'b', '5.00')],
      effectiveAt: NOON,
      recordedAt: NOON,
      reference: null,
      description: null,
      metadata: {},
      balances: [],
      ...data,
    },
  });
  const closed = accountEvents('a').closed(2);
  const recorded = (balance: string, version: number) => ({
    balances: [{ account: 'a', currency: 'EUR', version, balance, available: balance }],
  });

  it.each<[string, LedgerEvent[]]>([
    ['a ledger opened twice', [ledgerOpened()]],
    ['an account opened twice', [accountOpened('a', 'asset')]],
    ['an account in an unknown currency', [accountOpened('z', 'asset', { currency: 'XXY' })]],
    ['a transfer decided twice', [posted({}), posted({})]],
    ['a transfer with an account never opened', [posted({ legs: [leg('a', 'z', '1.00')] })]],
    ['a recorded balance that the legs do not come to', [posted(recorded('5.01', 2))]],
    ['a recorded version that the history does not come to', [posted(recorded('5.00', 3))]],
    ['a recorded account that does not exist', [posted({ balances: [{ account: 'z' }] })]],
    ['a change of an account never opened', [accountEvents('z').frozen(2)]],
    ['a change whose version is not the next', [accountEvents('a').frozen(3)]],
    ['an account closed with a balance', [posted({}), accountEvents('a').closed(3)]],
    ['a closed account that is changed', [closed, accountEvents('a').frozen(3)]],
    ['a closed account with a transfer', [closed, posted({})]],
    ['an unknown type', [{ type: 'Mystery', data: { recordedAt: NOON } } as never]],
  ])('%s', (_what, events) => {
    expect(() => fold([...books, ...events])).toThrow(InvariantViolation);
  });

  it('but not one whose recorded balances agree', () => {
    expect(fold([...books, posted(recorded('5.00', 2))]).revision).toBe(books.length);
  });
});
