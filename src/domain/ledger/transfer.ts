// A transfer as far as it can still be acted on: what each of its legs holds, posted and had reversed.
import { type LegTotals, type Leg, type TransferRequest } from './transfer-events.js';
import { type LedgerEvent } from './events.js';

export const TRANSFER_STATES = ['posted', 'pending', 'voided', 'expired', 'refused'] as const;
/** A transfer of which anything was posted ends as `posted`, whatever became of the rest. */
export type TransferState = (typeof TRANSFER_STATES)[number];

export interface Transfer {
  readonly id: string;
  readonly state: TransferState;
  readonly legs: readonly Leg[];
  /** One for each leg, in the same order. */
  readonly totals: readonly LegTotals[];
  /** Of a pending transfer; null is without end. */
  readonly expiresAt: string | null;
  readonly isReversal: boolean;
}

/** A transfer right after it was decided. */
export function newTransfer(
  type: 'TransferPosted' | 'TransferHeld' | 'TransferRefused',
  request: TransferRequest,
): Transfer {
  const { id, legs, pending, reverses } = request;
  return {
    id,
    state: STATE_OF[type],
    legs,
    totals: legs.map(({ amount }) => newTotals(type, amount)),
    expiresAt: pending?.expiresAt ?? null,
    isReversal: reverses !== undefined,
  };
}

const STATE_OF = {
  TransferPosted: 'posted',
  TransferHeld: 'pending',
  TransferRefused: 'refused',
} as const;

function newTotals(type: keyof typeof STATE_OF, amount: string): LegTotals {
  const none = zeroLike(amount);
  return {
    held: type === 'TransferHeld' ? amount : none,
    posted: type === 'TransferPosted' ? amount : none,
    reversed: none,
  };
}

/** A transfer after an act that left these totals. */
export function actedOn(
  transfer: Transfer,
  totals: readonly LegTotals[],
  act: LedgerEvent['type'],
): Transfer {
  return { ...transfer, totals, state: stateAfter(act, totals) };
}

/** What an act that left these totals made of a transfer. */
export function stateAfter(
  act: LedgerEvent['type'],
  totals: readonly LegTotals[],
): 'pending' | 'posted' | 'voided' | 'expired' {
  const some = (which: keyof LegTotals) => totals.some((total) => !isZero(total[which]));
  if (some('held')) return 'pending';
  if (some('posted')) return 'posted';
  return act === 'TransferExpired' ? 'expired' : 'voided';
}

/**
 * A transfer as the log tells: by the event that decided its id, and the last one that acted on it.
 * Undefined when the id is not that of a transfer, but of a batch or of an act.
 */
export function transferFrom(
  id: string,
  decided: LedgerEvent,
  lastAct: LedgerEvent | undefined,
): Transfer | undefined {
  const transfer = decidedTransfer(id, decided);
  if (!transfer || !lastAct) return transfer;
  const totals = totalsOf(lastAct);
  return totals ? actedOn(transfer, totals, lastAct.type) : transfer;
}

function decidedTransfer(id: string, event: LedgerEvent): Transfer | undefined {
  switch (event.type) {
    case 'TransferPosted':
    case 'TransferHeld':
    case 'TransferRefused':
      return newTransfer(event.type, event.data);
    case 'BatchPosted': {
      const request = event.data.transfers.find((item) => item.id === id);
      return request && newTransfer(typeInBatch(request), request);
    }
    default:
      return undefined;
  }
}

/** What a transfer of an atomic batch would have been recorded as on its own. */
export function typeInBatch({ pending }: TransferRequest): 'TransferHeld' | 'TransferPosted' {
  return pending ? 'TransferHeld' : 'TransferPosted';
}

function totalsOf(act: LedgerEvent): readonly LegTotals[] | undefined {
  switch (act.type) {
    case 'TransferCaptured':
    case 'TransferVoided':
    case 'TransferExpired':
    case 'TransferPosted':
      return act.data.totals;
    default:
      return undefined;
  }
}

/** An amount as recorded, with every digit a zero. */
function zeroLike(amount: string): string {
  const point = amount.indexOf('.');
  return point < 0 ? '0' : `0.${'0'.repeat(amount.length - point - 1)}`;
}

function isZero(amount: string): boolean {
  return !/[1-9]/.test(amount);
}
