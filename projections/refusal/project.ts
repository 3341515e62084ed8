// What was turned down, whatever was asked for: the no, and what it was decided on.
import { type Refusal } from '../../src/domain/errors.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import {
  type BatchItemRefusal,
  type TransferRefused,
} from '../../src/domain/ledger/transfer-events.js';
import { type Booking } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type RowChange, rowOf } from '../engine/table.js';
import { refusalTable } from './table.js';
import { refusalView } from './view.js';

export const refusalReadModel: ReadModel = {
  name: 'refusal',
  tables: [refusalTable],
  views: [refusalView],
  project,
};

function project({ recorded }: Booking): RowChange[] {
  const { event, ledger, revision, position, id } = recorded;
  const refused = refusedBy(event);
  if (!refused) return [];
  const { code, message, evidence } = refused.refusal;
  return [
    rowOf(refusalTable, {
      ledger,
      id: refused.id,
      kind: refused.kind,
      transfer_id: refused.transfer,
      code,
      message,
      evidence: JSON.stringify(evidence),
      items: refused.items && JSON.stringify(refused.items),
      revision,
      effective_at: refused.effectiveAt,
      recorded_at: event.data.recordedAt,
      position: position.toString(),
      event_id: id,
    }),
  ];
}

interface Refused {
  readonly id: string;
  readonly kind: 'transfer' | 'exchange' | 'reversal' | 'capture' | 'void' | 'batch';
  readonly transfer: string | null;
  readonly refusal: Refusal;
  readonly items: readonly BatchItemRefusal[] | null;
  readonly effectiveAt: string | null;
}

function refusedBy(event: LedgerEvent): Refused | undefined {
  switch (event.type) {
    case 'TransferRefused': {
      const { id, refusal, reverses, effectiveAt } = event.data;
      const transfer = reverses?.transfer ?? null;
      return { id, kind: kindOf(event.data), transfer, refusal, items: null, effectiveAt };
    }
    case 'CaptureRefused': {
      const { id, transfer, refusal, effectiveAt } = event.data;
      return { id, kind: 'capture', transfer, refusal, items: null, effectiveAt };
    }
    case 'VoidRefused': {
      const { id, transfer, refusal } = event.data;
      return { id, kind: 'void', transfer, refusal, items: null, effectiveAt: null };
    }
    case 'BatchRefused': {
      const { id, refusal, refusals: items } = event.data;
      return { id, kind: 'batch', transfer: null, refusal, items, effectiveAt: null };
    }
    default:
      return undefined;
  }
}

function kindOf({ reverses, exchange }: TransferRefused['data']): Refused['kind'] {
  if (reverses) return 'reversal';
  return exchange ? 'exchange' : 'transfer';
}
