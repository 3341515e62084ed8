// Commands about money beyond a plain transfer, with everything a spec does not care about filled in,
// and books for them to act on.
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { type CaptureTransfer } from '../../src/domain/ledger/capture-transfer.js';
import { type ExchangeMoney } from '../../src/domain/ledger/exchange-money.js';
import { type ClosePeriod, type ReopenPeriod } from '../../src/domain/ledger/periods.js';
import { type PostBatch } from '../../src/domain/ledger/post-batch.js';
import { type PostTransfer } from '../../src/domain/ledger/post-transfer.js';
import { type ReverseTransfer } from '../../src/domain/ledger/reverse-transfer.js';
import { type Leg } from '../../src/domain/ledger/transfer-events.js';
import { type WrittenTransfer } from '../../src/domain/ledger/transfer-request.js';
import { type ExpireTransfer, type VoidTransfer } from '../../src/domain/ledger/void-transfer.js';
import {
  NOON,
  accountOpened,
  ledgerOpened,
  leg,
  postTransfer,
  transferPosted,
} from './ledger-factories.js';

export const EVENING = '2026-03-01T18:00:00.000Z';

/** Euros: 100.00 in `wallet`, which may not be overdrawn; `shop` and `fees` are empty; `cash` is free. */
export const BOOKS: readonly LedgerEvent[] = [
  ledgerOpened(),
  accountOpened('cash', 'asset', { overdraftLimit: null }),
  accountOpened('wallet', 'liability'),
  accountOpened('shop', 'liability'),
  accountOpened('fees', 'income'),
  transferPosted('cash', 'wallet', '100.00'),
];

export const SALE: readonly Leg[] = [leg('wallet', 'shop', '10.00')];
export const SALE_WITH_FEE: readonly Leg[] = [...SALE, leg('wallet', 'fees', '1.00')];

export function holdTransfer(
  id: string,
  legs: readonly Leg[] = SALE,
  expiresAt: string | null = null,
): PostTransfer {
  return postTransfer(id, legs, { pending: { expiresAt } });
}

export function captureTransfer(
  id: string,
  transfer: string,
  command: Partial<CaptureTransfer> = {},
): CaptureTransfer {
  return {
    type: 'CaptureTransfer',
    ...{ id, transfer, amount: null, parts: null, final: false, effectiveAt: null },
    ...{ description: null, metadata: {}, now: NOON, ...command },
  };
}

export function voidTransfer(
  id: string,
  transfer: string,
  command: Partial<VoidTransfer> = {},
): VoidTransfer {
  return {
    type: 'VoidTransfer',
    ...{ id, transfer, amount: null, parts: null, reason: 'asked for', now: NOON, ...command },
  };
}

export function expireTransfer(transfer: string, now: string): ExpireTransfer {
  return { type: 'ExpireTransfer', transfer, now };
}

export function reverseTransfer(
  id: string,
  transfer: string,
  command: Partial<ReverseTransfer> = {},
): ReverseTransfer {
  return {
    type: 'ReverseTransfer',
    ...{ id, transfer, amount: null, parts: null, reason: 'asked for', effectiveAt: null },
    ...{ description: null, metadata: {}, now: NOON, ...command },
  };
}

/** As one of a batch. */
export function written(
  id: string,
  legs: readonly Leg[] = SALE,
  request: Partial<WrittenTransfer> = {},
): WrittenTransfer {
  return {
    ...{ id, legs, effectiveAt: null, reference: null, description: null, metadata: {} },
    ...{ conditions: [], pending: null, ...request },
  };
}

export function postBatch(id: string, transfers: readonly WrittenTransfer[]): PostBatch {
  return { type: 'PostBatch', id, transfers, now: NOON };
}

export function closePeriod(through: string, now = NOON): ClosePeriod {
  return { type: 'ClosePeriod', through, reason: 'month end', now };
}

export function reopenPeriod(closedThrough: string | null, now = NOON): ReopenPeriod {
  return { type: 'ReopenPeriod', closedThrough, reason: 'late invoice', now };
}

/** Euros and yen: `wallet` holds 100.00 EUR; `wallet:jpy` is empty; the bank gives and takes both. */
export const EXCHANGE_BOOKS: readonly LedgerEvent[] = [
  ...BOOKS,
  accountOpened('wallet:jpy', 'liability', { currency: 'JPY', overdraftLimit: '0' }),
  accountOpened('fx:eur', 'equity', { overdraftLimit: null }),
  accountOpened('fx:jpy', 'equity', { currency: 'JPY', overdraftLimit: null }),
  accountOpened('fx:rest', 'income', { currency: 'JPY', overdraftLimit: null }),
];

/** Sells 10.00 EUR for yen. */
export function exchangeMoney(id: string, command: Partial<ExchangeMoney> = {}): ExchangeMoney {
  return {
    type: 'ExchangeMoney',
    id,
    ...{ from: 'wallet', to: 'wallet:jpy', via: { sell: 'fx:eur', buy: 'fx:jpy' } },
    ...{ given: 'sell', amount: '10.00', rate: '163.25', source: 'treasury desk' },
    rounding: { mode: 'half-even', account: 'fx:rest' },
    ...{ effectiveAt: null, reference: null, description: null, metadata: {}, conditions: [] },
    now: NOON,
    ...command,
  };
}
