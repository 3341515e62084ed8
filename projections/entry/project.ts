// The journal: what each event posted, as the entries it made, in the order of its legs.
import { type Booking } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type RowChange, rowOf } from '../engine/table.js';
import { entryTable } from './table.js';
import { entryView } from './view.js';

export const entryReadModel: ReadModel = {
  name: 'entry',
  tables: [entryTable],
  views: [entryView],
  project,
};

function project({ recorded, movements }: Booking): RowChange[] {
  const { event, ledger, revision, position, id } = recorded;
  return movements.map((movement) =>
    rowOf(entryTable, {
      ledger,
      account: movement.account,
      account_type: movement.accountType,
      revision,
      batch_index: movement.batchIndex,
      leg: movement.leg,
      side: movement.side,
      transfer_id: movement.transferId,
      amount: movement.amount,
      currency: movement.currency,
      balance: movement.balance,
      counterparty: movement.counterparty,
      effective_at: movement.effectiveAt,
      recorded_at: event.data.recordedAt,
      description: movement.description,
      position: position.toString(),
      event_id: id,
    }),
  );
}
