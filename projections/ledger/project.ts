// Every event moves its ledger's row on: the row says up to where the ledger has been applied.
import { type Booking } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type RowChange, rowOf } from '../engine/table.js';
import { ledgerTable } from './table.js';
import { ledgerView } from './view.js';

export const ledgerReadModel: ReadModel = {
  name: 'ledger',
  tables: [ledgerTable],
  views: [ledgerView],
  project,
};

function project({ recorded, ledger }: Booking): RowChange[] {
  return [
    rowOf(ledgerTable, {
      ledger: ledger.id,
      name: ledger.name,
      assets: JSON.stringify(ledger.assets),
      rules: JSON.stringify(ledger.rules),
      closed_through: ledger.closedThrough,
      opened_at: ledger.openedAt,
      recorded_at: recorded.event.data.recordedAt,
      revision: ledger.revision,
      position: ledger.position.toString(),
      event_id: ledger.eventId,
    }),
  ];
}
