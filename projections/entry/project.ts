// The journal: each posted transfer as the entries it made, in the order of its legs.
import { type Booking } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type RowChange, rowOf } from '../engine/table.js';
import { entryTable } from './table.js';

export const entryReadModel: ReadModel = {
  name: 'entry',
  tables: [entryTable],
  views: [
    {
      name: 'entry',
      select: (schema) =>
        `SELECT ledger, account, revision, leg, side, transfer_id, amount, currency, balance,
           counterparty, effective_at, recorded_at, description, position, event_id
         FROM ${schema}.entry`,
    },
  ],
  project,
};

function project({ recorded, movements }: Booking): RowChange[] {
  const { event, ledger, revision, position, id } = recorded;
  if (event.type !== 'TransferPosted') return [];
  const { id: transferId, effectiveAt, recordedAt, description } = event.data;
  return movements.map((movement) =>
    rowOf(entryTable, {
      ledger,
      account: movement.account,
      revision,
      leg: movement.leg,
      side: movement.side,
      transfer_id: transferId,
      amount: movement.amount,
      currency: movement.currency,
      balance: movement.balance,
      counterparty: movement.counterparty,
      effective_at: effectiveAt,
      recorded_at: recordedAt,
      description,
      position: position.toString(),
      event_id: id,
    }),
  );
}
