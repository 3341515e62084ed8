// Every event moves its ledger's row on: the row says up to where the ledger has been applied.
import { type Booking, type LedgerBook } from '../books/booking.js';
import { type ReadModel } from '../engine/read-model.js';
import { type Row, type RowChange, latestRow } from '../engine/table.js';
import { ledgerTable } from './table.js';
import { ledgerView } from './view.js';

export const ledgerReadModel: ReadModel = {
  name: 'ledger',
  tables: [ledgerTable],
  views: [ledgerView],
  project,
};

function project({ recorded, ledger }: Booking): RowChange[] {
  const { recordedAt } = recorded.event.data;
  return [latestRow(ledgerTable, ledger.id, () => ledgerRow(ledger, recordedAt))];
}

function ledgerRow(ledger: LedgerBook, recordedAt: string): Row<typeof ledgerTable> {
  return {
    ledger: ledger.id,
    name: ledger.name,
    assets: JSON.stringify(ledger.assets),
    rules: JSON.stringify(ledger.rules),
    closed_through: ledger.closedThrough,
    opened_at: ledger.openedAt,
    recorded_at: recordedAt,
    revision: ledger.revision,
    position: ledger.position.toString(),
    event_id: ledger.eventId,
  };
}
