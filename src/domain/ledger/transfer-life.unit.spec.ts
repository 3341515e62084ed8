// One long story through every kind of command: each decided on what those before it left.
import { fold, given, recalling } from '../../../test/support/given-when-then.js';
import {
  NOON,
  accountOpened,
  ledgerOpened,
  leg,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import { type LedgerCommand } from './decide.js';
import { type LedgerEvent } from './events.js';
import { explain } from './explain.js';
import { commandOf, isDecided } from './recorded-command.js';
import { type WrittenTransfer } from './transfer-request.js';

const EXPIRY = '2026-03-02T00:00:00.000Z';
const common = { amount: null, parts: null, now: NOON };
const told = { effectiveAt: null, description: null, metadata: {} };

function capture(id: string, transfer: string, ask: object = {}): LedgerCommand {
  return { type: 'CaptureTransfer', id, transfer, final: false, ...common, ...told, ...ask };
}
function release(id: string, transfer: string, ask: object = {}): LedgerCommand {
  return { type: 'VoidTransfer', id, transfer, reason: 'asked for', ...common, ...ask };
}
function reverse(id: string, transfer: string, ask: object = {}): LedgerCommand {
  return { type: 'ReverseTransfer', id, transfer, reason: 'returned', ...common, ...told, ...ask };
}
function batch(id: string, transfers: readonly WrittenTransfer[]): LedgerCommand {
  return { type: 'PostBatch', id, transfers, now: NOON };
}
function toBob(id: string, amount: string, ask: Partial<WrittenTransfer> = {}) {
  return postTransfer(id, [leg('alice', 'bob', amount)], ask);
}

const exchange: LedgerCommand = {
  type: 'ExchangeMoney',
  ...{ id: 'exchange', from: 'coins', to: 'alice', via: { sell: 'pool:btc', buy: 'pool:eur' } },
  ...{ given: 'sell', amount: '0.12345678', rate: '58231.17', source: 'desk' },
  rounding: { mode: 'up', account: 'rounding' },
  ...{ reference: null, conditions: [], now: NOON, ...told },
};

/** What each command comes to: the type of its event, or the code of its refusal or rejection. */
const STORY: readonly (readonly [string, LedgerCommand, string])[] = [
  ['money comes in', postTransfer('fund', [leg('world', 'alice', '100')]), 'TransferPosted'],
  [
    'is reserved',
    toBob('hold', '60', { pending: { expiresAt: EXPIRY }, reference: 'R-1' }),
    'TransferHeld',
  ],
  ['and cannot be spent twice', toBob('t1', '60'), 'INSUFFICIENT_FUNDS'],
  ['nor its reference', toBob('t2', '1', { reference: 'R-1' }), 'REFERENCE_TAKEN'],
  ['a part is captured', capture('c1', 'hold', { amount: '10' }), 'TransferCaptured'],
  ['never more than is held', capture('c2', 'hold', { amount: '50.01' }), 'AMOUNT_EXCEEDS_HELD'],
  ['a part is released', release('v1', 'hold', { amount: '20' }), 'TransferVoided'],
  [
    'the last part frees the rest',
    capture('c3', 'hold', { amount: '5', final: true }),
    'TransferCaptured',
  ],
  ['and it is over', capture('c4', 'hold'), 'TRANSFER_NOT_PENDING'],
  ['what was captured is returned', reverse('r1', 'hold', { amount: '9' }), 'TransferPosted'],
  ['never too much', reverse('r2', 'hold', { amount: '6.01' }), 'AMOUNT_EXCEEDS_POSTED'],
  ['nor a reversal', reverse('r3', 'r1'), 'TRANSFER_NOT_REVERSIBLE'],
  ['nor what is not there', reverse('r4', 'nothing'), 'TRANSFER_NOT_FOUND'],
  ['a hold', toBob('late', '1', { pending: { expiresAt: EXPIRY } }), 'TransferHeld'],
  ['is not captured once it is over', capture('c5', 'late', { now: EXPIRY }), 'TRANSFER_EXPIRED'],
  ['and expires', { type: 'ExpireTransfer', transfer: 'late', now: EXPIRY }, 'TransferExpired'],
  [
    'conditions are kept',
    toBob('t3', '1', { conditions: [{ account: 'bob', available: { gte: '500' } }] }),
    'CONDITIONS_NOT_MET',
  ],
  ['a batch is made', batch('b1', [toBob('b1a', '1'), toBob('b1b', '2')]), 'BatchPosted'],
  ['or not at all', batch('b2', [toBob('b2a', '1'), toBob('b2b', '999')]), 'BATCH_REFUSED'],
  ['and needs transfers', batch('b3', []), 'INVALID_BATCH'],
  ['one of a batch is returned', reverse('r5', 'b1b'), 'TransferPosted'],
  ['two currencies', exchange, 'TransferPosted'],
  [
    'a period is closed',
    { type: 'ClosePeriod', through: '2026-02-28', reason: 'month end', now: NOON },
    'PeriodClosed',
  ],
  [
    'but not one that goes on',
    { type: 'ClosePeriod', through: '2026-03-02', reason: 'month end', now: NOON },
    'INVALID_PERIOD',
  ],
  ['for good', toBob('t4', '1', { effectiveAt: '2026-02-28T23:59:59.999Z' }), 'PERIOD_CLOSED'],
  [
    'unless it is opened again',
    { type: 'ReopenPeriod', closedThrough: null, reason: 'forgotten', now: NOON },
    'PeriodReopened',
  ],
  [
    'for what came late',
    toBob('t5', '1', { effectiveAt: '2026-02-28T23:59:59.999Z' }),
    'TransferPosted',
  ],
  [
    'within limits',
    toBob('t6', '1', { effectiveAt: '2025-01-01T00:00:00.000Z' }),
    'EFFECTIVE_AT_OUT_OF_RANGE',
  ],
];

describe('the life of transfers', () => {
  const history: LedgerEvent[] = [
    ledgerOpened({ rules: { uniqueReferences: true, pastDaysMax: 30, futureDaysMax: 5 } }),
    accountOpened('world', 'asset', { overdraftLimit: null }),
    accountOpened('alice', 'liability'),
    accountOpened('bob', 'liability'),
    accountOpened('rounding', 'income', { overdraftLimit: null }),
    accountOpened('pool:eur', 'equity', { overdraftLimit: null }),
    accountOpened('pool:btc', 'equity', { overdraftLimit: null, currency: 'BTC' }),
    accountOpened('coins', 'liability', { overdraftLimit: null, currency: 'BTC' }),
  ];

  it.each(STORY)('%s', (_what, command, outcome) => {
    const { decision } = given(...history).when(command);
    if (decision.kind === 'event') history.push(decision.event);
    expect(outcomeOf(decision)).toBe(outcome);
  });

  it('explains itself: decided again each time, with the check that failed', () => {
    const decisions = history.flatMap((event, revision) =>
      isDecided(event) ? [{ event, revision }] : [],
    );
    for (const { event, revision } of decisions) {
      const state = recalling(fold(history.slice(0, revision)), history, commandOf(event));
      const { agrees, checks } = explain(state, event, event.data.id);
      const failed = checks.find(({ passed }) => !passed)?.check;
      const refused = 'refusal' in event.data ? event.data.refusal.code : undefined;
      const expected = 'refusals' in event.data ? event.data.refusals[0]?.refusal.code : refused;
      expect({ id: event.data.id, agrees, failed }).toEqual({
        ...{ id: event.data.id, agrees: true, failed: expected },
      });
    }
    expect(decisions.length).toBeGreaterThan(20);
  });

  it('turns away a batch that no store would take in one append', () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 16 }, (_, key) => [`key${key}`, '漢'.repeat(500)]),
    );
    const transfers = Array.from({ length: 40 }, (_, index) =>
      toBob(`large${index}`, '0.01', { metadata }),
    );
    const { decision } = given(...history).when(batch('large', transfers));
    expect(outcomeOf(decision)).toBe('BATCH_TOO_LARGE');
  });
});

function outcomeOf(decision: ReturnType<ReturnType<typeof given>['when']>['decision']): string {
  if (decision.kind === 'rejected') return decision.rejection.code;
  if (decision.kind !== 'event') return decision.kind;
  const { data, type } = decision.event;
  return 'refusal' in data ? data.refusal.code : type;
}
