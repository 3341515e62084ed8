// One ledger in which everything happens that can happen: each command leads to an event of the kind
// it is listed under, so that whatever reads events meets all of them, with accounts that they share.
import { decide, type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { evolve } from '../../src/domain/ledger/evolve.js';
import { emptyLedger } from '../../src/domain/ledger/state.js';
import { recalling } from './given-when-then.js';
import {
  NOON,
  accountCommands,
  leg,
  openAccount,
  openLedger,
  postTransfer,
} from './ledger-factories.js';

const ONE = '2026-03-01T13:00:00.000Z';
const TWO = '2026-03-01T14:00:00.000Z';

const all = { amount: null, parts: null };
const said = { description: null, metadata: {} };

function capture(id: string, transfer: string, asked: object): LedgerCommand {
  return {
    ...{ type: 'CaptureTransfer', id, transfer, ...all, ...said },
    ...{ final: false, effectiveAt: null, now: NOON },
    ...asked,
  };
}

function voided(id: string, transfer: string, asked: object = {}): LedgerCommand {
  return { type: 'VoidTransfer', id, transfer, ...all, reason: 'not needed', now: NOON, ...asked };
}

function reverse(id: string, transfer: string, asked: object = {}): LedgerCommand {
  const reason = 'sent back';
  const time = { effectiveAt: null, now: NOON };
  return { type: 'ReverseTransfer', id, transfer, ...all, ...said, reason, ...time, ...asked };
}

function hold(
  id: string,
  legs: Parameters<typeof postTransfer>[1],
  expiresAt: string | null = null,
) {
  return postTransfer(id, legs, { pending: { expiresAt } });
}

const transfer = (written: ReturnType<typeof postTransfer>) => {
  const { type: _type, now: _now, ...item } = written;
  return item;
};

const exchange: LedgerCommand = {
  ...{ type: 'ExchangeMoney', id: 'exchange', from: 'ann', to: 'ann-usd', given: 'sell' },
  ...{ amount: '3.33', rate: '1.0857', source: 'desk', via: { sell: 'desk', buy: 'desk-usd' } },
  rounding: { mode: 'half-even', account: 'cents-usd' },
  ...{ effectiveAt: null, reference: null, ...said, conditions: [], now: NOON },
};

const liability = (address: string, currency = 'EUR') => openAccount({ address, currency });
const asset = (address: string, currency = 'EUR') =>
  openAccount({ address, currency, accountType: 'asset', overdraftLimit: null });

export function everyKind(ledger: string): readonly LedgerCommand[] {
  const rules = { uniqueReferences: true, pastDaysMax: 400, futureDaysMax: null };
  const reason = 'end of month';
  return [
    openLedger({ ledger, rules }),
    ...[asset('cash'), liability('ann'), liability('bob'), liability('eve')],
    ...[asset('desk'), asset('desk-usd', 'USD'), liability('ann-usd', 'USD')],
    openAccount({ address: 'cents-usd', currency: 'USD', overdraftLimit: null }),
    ...[accountCommands('eve').change({ metadata: { tier: 'gold' } })],
    ...[accountCommands('eve').freeze(), accountCommands('eve').unfreeze()],
    accountCommands('eve').close(),
    postTransfer('deposit', [leg('cash', 'ann', '100')], { reference: 'first' }),
    hold('order', [leg('ann', 'bob', '20'), leg('ann', 'cash', '5'), leg('cash', 'bob', '1')]),
    capture('order-1', 'order', { parts: [{ leg: 0, amount: '8' }] }),
    reverse('order-back', 'order', { parts: [{ leg: 0, amount: '3' }] }),
    voided('order-void', 'order', { parts: [{ leg: 1, amount: '5' }] }),
    capture('order-2', 'order', { parts: [{ leg: 0, amount: '10' }], final: true }),
    hold('dropped', [leg('ann', 'bob', '7')]),
    voided('dropped-void', 'dropped'),
    hold('late', [leg('ann', 'bob', '9')], ONE),
    { type: 'ExpireTransfer', transfer: 'late', now: TWO },
    hold('waiting', [leg('ann', 'bob', '4')]),
    reverse('deposit-back', 'deposit', { amount: '10' }),
    exchange,
    {
      ...{ type: 'PostBatch', id: 'batch', now: NOON },
      transfers: [
        transfer(postTransfer('batch-0', [leg('cash', 'ann', '2'), leg('ann', 'bob', '1')])),
        transfer(hold('batch-1', [leg('ann', 'bob', '6')])),
        transfer(postTransfer('batch-2', [leg('ann', 'bob', '0.50'), leg('bob', 'cash', '0.25')])),
      ],
    },
    capture('batch-1-all', 'batch-1', {}),
    postTransfer('too-much', [leg('bob', 'cash', '9999')]),
    capture('too-late', 'dropped', {}),
    voided('void-late', 'late'),
    reverse('reverse-none', 'dropped'),
    {
      ...{ type: 'PostBatch', id: 'no-batch', now: NOON },
      transfers: [
        transfer(postTransfer('no-0', [leg('cash', 'ann', '2')])),
        transfer(postTransfer('no-1', [leg('bob', 'cash', '9999')])),
      ],
    },
    { type: 'ClosePeriod', through: '2026-02-28', reason, now: NOON },
    { type: 'ReopenPeriod', closedThrough: '2026-01-31', reason, now: NOON },
  ];
}

/** The events that `everyKind` leads to. */
export function everyKindOfEvent(ledger: string): LedgerEvent[] {
  const state = emptyLedger();
  const history: LedgerEvent[] = [];
  for (const command of everyKind(ledger)) {
    const decision = decide(recalling(state, history, command), command);
    if (decision.kind !== 'event') throw new Error(JSON.stringify({ command, decision }));
    evolve(state, decision.event);
    history.push(decision.event);
  }
  return history;
}

/** The first event that has this id, or is of this type, and those before it. */
export function happening(history: readonly LedgerEvent[], idOrType: string) {
  const index = history.findIndex(
    ({ type, data }) => type === idOrType || ('id' in data && data.id === idOrType),
  );
  const event = history[index];
  if (!event) throw new Error(`nothing is called ${idOrType}`);
  return { event, before: history.slice(0, index) };
}
