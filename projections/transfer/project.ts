// Transfers as they were asked for, what was decided, and what became of them since.
import { type Booking, type TransferBook } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type RowChange, revisedRow, rowOf } from '../engine/table.js';
import { actRow } from './act.js';
import { transferAccountTable, transferActTable, transferTable } from './table.js';
import { transferAccountView, transferActView, transferView } from './views.js';
import { exchangeView, transferLegView } from './leg-views.js';

export const transferReadModel: ReadModel = {
  name: 'transfer',
  tables: [transferTable, transferAccountTable, transferActTable],
  views: [transferView, transferAccountView, transferActView, transferLegView, exchangeView],
  project,
};

function project({ recorded, decided, actedOn }: Booking): RowChange[] {
  return [
    ...decided.flatMap((transfer) => [
      rowOf(transferTable, columnsOf(transfer)),
      ...accountsNamed(transfer),
    ]),
    ...(actedOn ? [revisedRow(transferTable, columnsOf(actedOn)), actRow(recorded, actedOn)] : []),
  ];
}

function accountsNamed({ ledger, request, revision, batch }: TransferBook): RowChange[] {
  const named = new Set(request.legs.flatMap(({ debit, credit }) => [debit, credit]));
  const place = { ledger, revision, batch_index: batch?.index ?? 0 };
  return [...named].map((account) => rowOf(transferAccountTable, { ...place, account }));
}

function columnsOf({ ledger, request, state, totals, batch, ...transfer }: TransferBook) {
  const { conditions, pending, reverses, exchange } = request;
  const { refusal, revision, position, eventId, statePosition } = transfer;
  return {
    ledger,
    id: request.id,
    revision,
    batch_id: batch?.id ?? null,
    batch_index: batch?.index ?? 0,
    state,
    legs: JSON.stringify(request.legs),
    totals: JSON.stringify(totals),
    effective_at: request.effectiveAt,
    recorded_at: request.recordedAt,
    reference: request.reference,
    description: request.description,
    metadata: JSON.stringify(request.metadata),
    conditions: jsonOrNull(conditions),
    pending: jsonOrNull(pending),
    expires_at: pending?.expiresAt ?? null,
    reverses: jsonOrNull(reverses),
    exchange: jsonOrNull(exchange),
    refusal: jsonOrNull(refusal),
    position: position.toString(),
    event_id: eventId,
    state_position: statePosition.toString(),
  };
}

function jsonOrNull(value: object | null | undefined): string | null {
  return value ? JSON.stringify(value) : null;
}
