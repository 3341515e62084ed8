// A transfer as the auditor knows it when something acts on it: what of each of its legs is held, was
// posted and was turned back.
import { type LedgerEvent } from '../../../src/domain/ledger/events.js';
import {
  type Leg,
  type LegTotals,
  type TransferRequest,
} from '../../../src/domain/ledger/transfer-events.js';
import { type TransferHistory } from '../transfer-histories.js';
import { textOf, unitsOf } from './amounts.js';
import { type Auditing, CannotFollow, openedAccount } from './ledger.js';

interface AuditedTotals {
  held: bigint;
  posted: bigint;
  reversed: bigint;
}

interface AuditedLeg extends Leg {
  readonly scale: number;
  readonly totals: AuditedTotals;
}

export interface AuditedTransfer {
  readonly id: string;
  readonly expiresAt: string | null;
  readonly isReversal: boolean;
  readonly legs: readonly AuditedLeg[];
}

/** Throws CannotFollow when the log has no such transfer. */
export function auditedTransfer(
  { ledger }: Auditing,
  id: string,
  history: TransferHistory | undefined,
): AuditedTransfer {
  const made = history && requestIn(history.decided.event, id);
  if (!made) throw new CannotFollow(`there is no transfer ${id} to act on`);
  const { request, state } = made;
  const totals = history.lastAct && totalsIn(history.lastAct.event);
  return {
    id,
    expiresAt: request.pending?.expiresAt ?? null,
    isReversal: request.reverses !== undefined,
    legs: request.legs.map((leg, index) => {
      const { scale } = openedAccount(ledger, leg.debit);
      const units = unitsOf(leg.amount, scale);
      const none = { held: 0n, posted: 0n, reversed: 0n };
      const first = state === 'refused' ? none : { ...none, [state]: units };
      const last = totals?.[index];
      return { ...leg, scale, totals: last ? unitsOfTotals(last, scale) : first };
    }),
  };
}

function requestIn(
  event: LedgerEvent,
  id: string,
):
  { readonly request: TransferRequest; readonly state: 'held' | 'posted' | 'refused' } | undefined {
  switch (event.type) {
    case 'TransferPosted':
      return { request: event.data, state: 'posted' };
    case 'TransferHeld':
      return { request: event.data, state: 'held' };
    case 'TransferRefused':
      return { request: event.data, state: 'refused' };
    case 'BatchPosted': {
      const request = event.data.transfers.find((transfer) => transfer.id === id);
      return request && { request, state: request.pending ? 'held' : 'posted' };
    }
    default:
      return undefined;
  }
}

function totalsIn(event: LedgerEvent): readonly LegTotals[] | undefined {
  return 'totals' in event.data ? event.data.totals : undefined;
}

function unitsOfTotals({ held, posted, reversed }: LegTotals, scale: number): AuditedTotals {
  return {
    held: unitsOf(held, scale),
    posted: unitsOf(posted, scale),
    reversed: unitsOf(reversed, scale),
  };
}

/** What an event records of each leg is what it came to. */
export function checkTotals(
  { tell }: Auditing,
  { id, legs }: AuditedTransfer,
  recorded: readonly LegTotals[],
): void {
  const texts = legs.map(({ totals: { held, posted, reversed }, scale }) =>
    textOfTotals({
      held: textOf(held, scale),
      posted: textOf(posted, scale),
      reversed: textOf(reversed, scale),
    }),
  );
  const expected = texts.join('; ');
  const found = recorded.map(textOfTotals).join('; ');
  if (expected !== found) tell({ what: `recorded totals of ${id}`, expected, found });
}

function textOfTotals({ held, posted, reversed }: LegTotals): string {
  return `${held} held, ${posted} posted, ${reversed} reversed`;
}
