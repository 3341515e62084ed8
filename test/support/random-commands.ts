// Commands of every kind for a small ledger, such that many of them come to something: few accounts, few
// ids, which come again and act on one another.
import fc from 'fast-check';
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import {
  NOON,
  accountCommands,
  leg,
  openAccount,
  openLedger,
  postTransfer,
} from './ledger-factories.js';

const EUROS = ['cash', 'alice', 'bob'];
const DOLLARS = ['desk-usd', 'dollars', 'rounding'];

const REFERENCES = ['ref-1', 'ref-2', 'ré-3', '参照-4'];
/** When some expire: late enough that no clock of today does it. */
const LATE = '2099-03-02T12:00:00.000Z';

/** Opens the ledger and its accounts. */
export function opening(ledger: string): LedgerCommand[] {
  const rules = { uniqueReferences: true, pastDaysMax: null, futureDaysMax: null };
  const account = (currency: string) => (address: string) =>
    openAccount({ address, currency, overdraftLimit: address === 'alice' ? '90.00' : null });
  return [
    openLedger({ ledger, rules }),
    ...EUROS.map(account('EUR')),
    ...DOLLARS.map(account('USD')),
  ];
}

/** Of transfers, which come again, are acted on, and are repeated with other contents. */
const id = fc.nat(15).map((n) => `t${n}`);
/** Of all else: hardly ever the same twice. */
const freshId = fc.uuid();
const euros = fc.integer({ min: 1, max: 9_000 }).map((cents) => (cents / 100).toFixed(2));
const legOf = fc.tuple(fc.shuffledSubarray(EUROS, { minLength: 2, maxLength: 2 }), euros);
const legs = fc
  .array(legOf, { minLength: 1, maxLength: 3 })
  .map((all) => all.map(([[debit = '', credit = ''], amount]) => leg(debit, credit, amount)));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2 });

const transfer = fc
  .record({
    id,
    legs,
    reference: fc.oneof(
      { weight: 6, arbitrary: fc.constant(null) },
      fc.constantFrom(...REFERENCES),
    ),
    pending: optional(fc.record({ expiresAt: fc.constantFrom(null, null, LATE) })),
  })
  .map(({ id, legs, ...rest }) => postTransfer(id, legs, rest));

const act = fc.record({
  id: freshId,
  transfer: id,
  amount: optional(euros),
  parts: fc.constant(null),
});
const details = { effectiveAt: null, description: null, metadata: {}, now: NOON };
const acts = fc.oneof(
  fc.tuple(act, fc.boolean()).map(([base, final]): LedgerCommand => ({
    type: 'CaptureTransfer',
    ...base,
    final,
    ...details,
  })),
  act.map((base): LedgerCommand => ({ type: 'VoidTransfer', ...base, reason: 'r', now: NOON })),
  act.map((base): LedgerCommand => ({ type: 'ReverseTransfer', ...base, reason: 'r', ...details })),
  id.map((one): LedgerCommand => ({ type: 'ExpireTransfer', transfer: one, now: LATE })),
);

const batch = fc
  .record({ id: freshId, transfers: fc.array(transfer, { minLength: 1, maxLength: 4 }) })
  .map((request): LedgerCommand => ({ type: 'PostBatch', ...request, now: NOON }));

const exchange = fc.tuple(freshId, euros).map(([one, amount]): LedgerCommand => ({
  type: 'ExchangeMoney',
  ...{ id: one, from: 'bob', to: 'dollars', via: { sell: 'cash', buy: 'desk-usd' } },
  ...{ given: 'sell', amount, rate: '1.08371', source: null },
  rounding: { mode: 'half-even', account: 'rounding' },
  ...{ reference: null, conditions: [], ...details },
}));

const metadata = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  { maxKeys: 3 },
);
const ofAccount = fc.tuple(fc.constantFrom('alice', 'bob'), metadata).chain(([address, kept]) => {
  const { change, freeze, unfreeze } = accountCommands(address);
  const choices = [change({ metadata: kept, overdraftLimit: '7.50' }), freeze('debits')];
  return fc.constantFrom<LedgerCommand>(...choices, unfreeze(), unfreeze(), unfreeze());
});

const periods = fc.constantFrom<LedgerCommand>(
  { type: 'ClosePeriod', through: '2026-02-27', reason: 'r', now: NOON },
  { type: 'ReopenPeriod', closedThrough: null, reason: 'r', now: NOON },
);

export const ledgerCommand: fc.Arbitrary<LedgerCommand> = fc.oneof(
  { weight: 6, arbitrary: transfer },
  { weight: 6, arbitrary: acts },
  { weight: 1, arbitrary: batch },
  { weight: 2, arbitrary: exchange },
  { weight: 1, arbitrary: ofAccount },
  { weight: 1, arbitrary: periods },
);
