// What was done to a transfer after it was decided, as rows.
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { type LegShare } from '../../src/domain/ledger/transfer-events.js';
import { type Metadata } from '../../src/domain/ledger/metadata.js';
import { InvariantViolation } from '../../src/domain/errors.js';
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type TransferBook } from '../books/booking.js';
import { type RowChange, rowOf } from '../engine/table.js';
import { transferActTable } from './table.js';

export type ActKind = 'capture' | 'void' | 'reversal' | 'expiry';

/** @param transfer as it is after the event. */
export function actRow(
  { event, ledger, revision, position, id: eventId }: RecordedEvent,
  transfer: TransferBook,
): RowChange {
  const act = actOf(event);
  return rowOf(transferActTable, {
    ledger,
    transfer_id: transfer.request.id,
    revision,
    id: act.id,
    kind: act.kind,
    legs: JSON.stringify(act.legs ?? []),
    released: JSON.stringify(act.released ?? []),
    is_final: act.final ?? null,
    reason: act.reason ?? null,
    effective_at: act.effectiveAt ?? null,
    recorded_at: event.data.recordedAt,
    description: act.description ?? null,
    metadata: act.metadata ? JSON.stringify(act.metadata) : null,
    totals: JSON.stringify(transfer.totals),
    position: position.toString(),
    event_id: eventId,
  });
}

interface Act {
  readonly kind: ActKind;
  readonly id: string | null;
  readonly legs?: readonly LegShare[];
  readonly released?: readonly LegShare[];
  readonly final?: boolean;
  readonly reason?: string;
  readonly effectiveAt?: string;
  readonly description?: string | null;
  readonly metadata?: Metadata;
}

function actOf(event: LedgerEvent): Act {
  switch (event.type) {
    case 'TransferCaptured': {
      const { id, legs, released, final, effectiveAt, description, metadata } = event.data;
      return { kind: 'capture', id, legs, released, final, effectiveAt, description, metadata };
    }
    case 'TransferVoided': {
      const { id, released, reason } = event.data;
      return { kind: 'void', id, released, reason };
    }
    case 'TransferExpired':
      return { kind: 'expiry', id: null, released: event.data.released };
    case 'TransferPosted': {
      const { id, reverses, effectiveAt, description, metadata } = event.data;
      const legs = event.data.legs.map(({ debit, credit, amount, currency }, index) => ({
        ...{ leg: reverses?.legs[index] ?? index, debit, credit, amount, currency },
      }));
      const reason = reverses && { reason: reverses.reason };
      return { kind: 'reversal', id, legs, effectiveAt, description, metadata, ...reason };
    }
    default:
      throw new InvariantViolation(`${event.type} acts on no transfer`);
  }
}
