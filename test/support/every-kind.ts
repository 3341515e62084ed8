// One ledger in which everything happens that can happen: each command leads to one event, so that
// whatever reads events meets all kinds of them, on accounts that they share.
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { after } from './given-when-then.js';
import { accountCommands, leg, openAccount, openLedger, postTransfer } from './ledger-factories.js';
import {
  captureTransfer,
  closePeriod,
  exchangeMoney,
  expireTransfer,
  holdTransfer,
  postBatch,
  reopenPeriod,
  reverseTransfer,
  voidTransfer,
  written,
} from './transfer-factories.js';

const ONE = '2026-03-01T13:00:00.000Z';
const TWO = '2026-03-01T14:00:00.000Z';

const liability = (address: string, currency = 'EUR') => openAccount({ address, currency });
const asset = (address: string, currency = 'EUR') =>
  openAccount({ address, currency, accountType: 'asset', overdraftLimit: null });

function opened(ledger: string): LedgerCommand[] {
  const rules = { uniqueReferences: true, pastDaysMax: 400, futureDaysMax: null };
  const eve = accountCommands('eve');
  return [
    openLedger({ ledger, rules }),
    ...[asset('cash'), liability('ann'), liability('bob'), liability('eve')],
    ...[asset('desk'), asset('desk-usd', 'USD'), liability('ann-usd', 'USD')],
    openAccount({ address: 'cents-usd', currency: 'USD', overdraftLimit: null }),
    ...[eve.change({ metadata: { tier: 'gold' } }), eve.freeze(), eve.unfreeze(), eve.close()],
  ];
}

export function everyKind(ledger: string): LedgerCommand[] {
  const part = (number: number, amount: string) => ({ parts: [{ leg: number, amount }] });
  const order = [leg('ann', 'bob', '20'), leg('ann', 'cash', '5'), leg('cash', 'bob', '1')];
  return [
    ...opened(ledger),
    postTransfer('deposit', [leg('cash', 'ann', '100')], { reference: 'first' }),
    holdTransfer('order', order),
    captureTransfer('order-1', 'order', part(0, '8')),
    reverseTransfer('order-back', 'order', part(0, '3')),
    voidTransfer('order-void', 'order', part(1, '5')),
    captureTransfer('order-2', 'order', { ...part(0, '10'), final: true }),
    holdTransfer('dropped', [leg('ann', 'bob', '7')]),
    voidTransfer('dropped-void', 'dropped'),
    holdTransfer('late', [leg('ann', 'bob', '9')], ONE),
    expireTransfer('late', TWO),
    holdTransfer('waiting', [leg('ann', 'bob', '4')]),
    reverseTransfer('deposit-back', 'deposit', { amount: '10' }),
    exchangeMoney('exchange', {
      ...{ from: 'ann', to: 'ann-usd', via: { sell: 'desk', buy: 'desk-usd' } },
      ...{ amount: '3.33', rate: '1.0857' },
      rounding: { mode: 'half-even', account: 'cents-usd' },
    }),
    postBatch('batch', [
      written('batch-0', [leg('cash', 'ann', '2'), leg('ann', 'bob', '1')]),
      written('batch-1', [leg('ann', 'bob', '6')], { pending: { expiresAt: null } }),
      written('batch-2', [leg('ann', 'bob', '0.50'), leg('bob', 'cash', '0.25')]),
    ]),
    captureTransfer('batch-1-all', 'batch-1'),
    postTransfer('too-much', [leg('bob', 'cash', '9999')]),
    captureTransfer('too-late', 'dropped'),
    voidTransfer('void-late', 'late'),
    reverseTransfer('reverse-none', 'dropped'),
    postBatch('no-batch', [
      written('no-0', [leg('cash', 'ann', '2')]),
      written('no-1', [leg('bob', 'cash', '9999')]),
    ]),
    ...[closePeriod('2026-02-28'), reopenPeriod('2026-01-31')],
  ];
}

/** The events that `everyKind` leads to. */
export function everyKindOfEvent(ledger: string): LedgerEvent[] {
  return after([], ...everyKind(ledger));
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
