// What read models make of a ledger in which everything happened that can happen.
import { given } from '../test/support/bookings.js';
import { everyKindOfEvent } from '../test/support/every-kind.js';
import { accountReadModel } from './account/project.js';
import { entryReadModel } from './entry/project.js';
import { ledgerReadModel } from './ledger/project.js';
import { refusalReadModel } from './refusal/project.js';
import { type ReadModel } from './engine/read-model.js';
import { transferReadModel } from './transfer/project.js';

describe('of a ledger in which everything happened, the read model', () => {
  const history = everyKindOfEvent('shop');
  const books = given(...history);
  const rowsOf = (readModel: ReadModel, table: string) =>
    books.rows(readModel).filter((row) => row.table === table);
  const revisionOf = (id: string) =>
    history.findIndex(({ data }) => 'id' in data && data.id === id);

  it('account has what is held beside what is posted', () => {
    const order = rowsOf(accountReadModel, 'account').filter(
      ({ revision }) => revision === revisionOf('order'),
    );
    expect(order.map((row) => [row['address'], row['balance'], row['available']])).toEqual([
      ['ann', '100.00', '75.00'],
      ['bob', '0.00', '0.00'],
      ['cash', '100.00', '95.00'],
    ]);
    expect(order.map((row) => [row['pending_debits'], row['pending_credits']])).toEqual([
      ['25.00', '0.00'],
      ['0.00', '21.00'],
      ['1.00', '5.00'],
    ]);
  });

  it('entry has an own key for every line, of captures under the pending transfer', () => {
    const rows = rowsOf(entryReadModel, 'entry');
    const keys = rows.map((row) =>
      ['account', 'revision', 'batch_index', 'leg'].map((column) => row[column]).join(),
    );
    expect(new Set(keys).size).toBe(rows.length);
    const captured = rows.filter(({ revision }) => revision === revisionOf('order-1'));
    expect(captured.map((row) => [row['transfer_id'], row['leg'], row['side']])).toEqual([
      ['order', 0, 'debit'],
      ['order', 0, 'credit'],
    ]);
    const batch = rows.filter(
      ({ revision, account }) => revision === revisionOf('batch') && account === 'bob',
    );
    expect(batch.map((row) => [row['transfer_id'], row['batch_index'], row['leg']])).toEqual([
      ['batch-0', 0, 1],
      ['batch-2', 2, 0],
      ['batch-2', 2, 1],
    ]);
  });

  it('transfer has each transfer as it is after each act, where it was decided', () => {
    const order = rowsOf(transferReadModel, 'transfer').filter(({ id }) => id === 'order');
    expect(order.map((row) => [row['state'], row['revision']])).toEqual(
      ['pending', 'pending', 'pending', 'pending', 'posted'].map((state) => [
        ...[state, revisionOf('order')],
      ]),
    );
    expect(order.map((row) => row['state_position'])).toEqual(
      ['order', 'order-1', 'order-back', 'order-void', 'order-2'].map((id) =>
        String(revisionOf(id) * 100),
      ),
    );
    const batch = rowsOf(transferReadModel, 'transfer').filter(
      (row) => row['batch_id'] === 'batch',
    );
    expect(batch.map((row) => [row['id'], row['batch_index'], row['state']])).toEqual([
      ['batch-0', 0, 'posted'],
      ['batch-1', 1, 'pending'],
      ['batch-2', 2, 'posted'],
      ['batch-1', 1, 'posted'],
    ]);
    const late = rowsOf(transferReadModel, 'transfer').filter(({ id }) => id === 'late');
    expect(late.map((row) => [row['state'], row['expires_at']])).toEqual([
      ['pending', '2026-03-01T13:00:00.000Z'],
      ['expired', '2026-03-01T13:00:00.000Z'],
    ]);
  });

  it('transfer has every act on its own row', () => {
    const acts = rowsOf(transferReadModel, 'transfer_act');
    expect(acts.map((row) => [row['kind'], row['id'], row['transfer_id']])).toEqual([
      ['capture', 'order-1', 'order'],
      ['reversal', 'order-back', 'order'],
      ['void', 'order-void', 'order'],
      ['capture', 'order-2', 'order'],
      ['void', 'dropped-void', 'dropped'],
      ['expiry', null, 'late'],
      ['reversal', 'deposit-back', 'deposit'],
      ['capture', 'batch-1-all', 'batch-1'],
    ]);
    const [, back, dropped, final] = acts;
    const share = (leg: number, debit: string, credit: string, amount: string) => ({
      ...{ leg, debit, credit, amount, currency: 'EUR' },
    });
    expect(JSON.parse(String(back?.['legs']))).toEqual([share(0, 'bob', 'ann', '3.00')]);
    expect([dropped?.['reason'], dropped?.['effective_at'], dropped?.['is_final']]).toEqual([
      ...['asked for', null, null],
    ]);
    expect(JSON.parse(String(final?.['released']))).toEqual([
      share(0, 'ann', 'bob', '2.00'),
      share(2, 'cash', 'bob', '1.00'),
    ]);
    expect(final?.['is_final']).toBe(true);
  });

  it('refusal has whatever was turned down', () => {
    const rows = rowsOf(refusalReadModel, 'refusal');
    expect(rows.map((row) => [row['id'], row['kind'], row['transfer_id'], row['code']])).toEqual([
      ['too-much', 'transfer', null, 'INSUFFICIENT_FUNDS'],
      ['too-late', 'capture', 'dropped', 'TRANSFER_NOT_PENDING'],
      ['void-late', 'void', 'late', 'TRANSFER_EXPIRED'],
      ['reverse-none', 'reversal', 'dropped', 'TRANSFER_NOT_REVERSIBLE'],
      ['no-batch', 'batch', null, 'BATCH_REFUSED'],
    ]);
    expect(JSON.parse(String(rows.at(-1)?.['items']))).toMatchObject([
      { index: 1, id: 'no-1', refusal: { code: 'INSUFFICIENT_FUNDS' } },
    ]);
  });

  it('ledger has the last day that is closed', () => {
    const rows = rowsOf(ledgerReadModel, 'ledger');
    expect(rows.slice(-3).map((row) => row['closed_through'])).toEqual([
      ...[null, '2026-02-28', '2026-01-31'],
    ]);
  });
});
