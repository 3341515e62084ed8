// Transfers as they were asked for, and what was decided.
import {
  type TransferPosted,
  type TransferRefused,
} from '../../src/domain/ledger/transfer-events.js';
import { type Booking } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type RowChange, rowOf } from '../engine/table.js';
import { transferAccountTable, transferTable } from './table.js';

export const transferReadModel: ReadModel = {
  name: 'transfer',
  tables: [transferTable, transferAccountTable],
  views: [
    {
      name: 'transfer',
      select: (schema) =>
        `SELECT ledger, id, state, legs, effective_at, recorded_at, revision, reference, description,
           metadata, refusal, position, event_id
         FROM ${schema}.transfer`,
    },
    {
      name: 'transfer_account',
      select: (schema) => `SELECT ledger, account, revision FROM ${schema}.transfer_account`,
    },
  ],
  project,
};

function project(booking: Booking): RowChange[] {
  const { event } = booking.recorded;
  switch (event.type) {
    case 'TransferPosted':
      return transferRows(booking, event.data, { state: 'posted', refusal: null });
    case 'TransferRefused': {
      const refusal = JSON.stringify(event.data.refusal);
      return transferRows(booking, event.data, { state: 'refused', refusal });
    }
    default:
      return [];
  }
}

function transferRows(
  { recorded: { ledger, revision, position, id } }: Booking,
  request: TransferPosted['data'] | TransferRefused['data'],
  outcome: { state: string; refusal: string | null },
): RowChange[] {
  const named = new Set(request.legs.flatMap(({ debit, credit }) => [debit, credit]));
  return [
    rowOf(transferTable, {
      ledger,
      id: request.id,
      revision,
      legs: JSON.stringify(request.legs),
      effective_at: request.effectiveAt,
      recorded_at: request.recordedAt,
      reference: request.reference,
      description: request.description,
      metadata: JSON.stringify(request.metadata),
      position: position.toString(),
      event_id: id,
      ...outcome,
    }),
    ...[...named].map((account) => rowOf(transferAccountTable, { ledger, account, revision })),
  ];
}
