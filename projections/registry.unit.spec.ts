// What each read model makes of the same small history.
import { type LedgerEvent } from '../src/domain/ledger/events.js';
import { type TransferPosted, type TransferRefused } from '../src/domain/ledger/transfer-events.js';
import { given } from '../test/support/bookings.js';
import { everyKindOfEvent } from '../test/support/every-kind.js';
import {
  MORNING,
  NOON,
  accountEvents,
  accountOpened,
  ledgerOpened,
  leg,
} from '../test/support/ledger-factories.js';
import { accountReadModel } from './account/project.js';
import { createTable, insertRows, revisedRow, rowOf } from './engine/table.js';
import { entryReadModel } from './entry/project.js';
import { ledgerReadModel } from './ledger/project.js';
import { rowsByTable } from './engine/write-batch.js';
import { refusalReadModel } from './refusal/project.js';
import { READ_MODELS } from './registry.js';
import { transferReadModel } from './transfer/project.js';

const request = {
  legs: [leg('cash', 'ann', '12.50')],
  ...{ effectiveAt: NOON, recordedAt: NOON, reference: 'order 7', description: 'Deposit' },
  metadata: { order: '7' },
};
const deposit: TransferPosted = {
  type: 'TransferPosted',
  data: {
    id: 'deposit',
    ...request,
    balances: ['cash', 'ann'].map((account) => ({
      ...{ account, currency: 'EUR', version: 2, balance: '12.50', available: '12.50' },
    })),
  },
};
const refusal = {
  code: 'INSUFFICIENT_FUNDS' as const,
  message: 'No.',
  evidence: { revision: 3, accounts: [] },
};
const refused: TransferRefused = {
  type: 'TransferRefused',
  data: { id: 'refused', ...request, legs: [leg('ann', 'cash', '99.00')], refusal },
};
const HISTORY: readonly LedgerEvent[] = [
  ledgerOpened(),
  accountOpened('cash', 'asset', { overdraftLimit: null, metadata: { till: '1' } }),
  accountOpened('ann', 'liability', { balanceLimit: '100.00' }),
  deposit,
  refused,
];

const eventId = (revision: number) => `00000000-0000-8000-8000-00000000000${revision}`;
const place = (revision: number) => ({
  revision,
  position: String(revision * 100),
  event_id: eventId(revision),
});

describe('the read model', () => {
  it('ledger moves on with every event', () => {
    const rows = given(...HISTORY).rows(ledgerReadModel);
    expect(rows.map((row) => row['revision'])).toEqual([0, 1, 2, 3, 4]);
    expect(rows.at(-1)).toEqual({
      ...{ table: 'ledger', ledger: 'shop', name: 'Shop', opened_at: MORNING },
      assets: '[{"code":"BTC","scale":8}]',
      rules: '{"uniqueReferences":false,"pastDaysMax":null,"futureDaysMax":null}',
      closed_through: null,
      ...place(4),
    });
  });

  it('account has each account as it is after each change', () => {
    const rows = given(...HISTORY).rows(accountReadModel);
    expect(rows.map((row) => [row['address'], row['version'], row['balance']])).toEqual([
      ['cash', 1, '0.00'],
      ['ann', 1, '0.00'],
      ['cash', 2, '12.50'],
      ['ann', 2, '12.50'],
    ]);
    expect(rows[2]).toEqual({
      ...{ table: 'account', ledger: 'shop', address: 'cash', type: 'asset', currency: 'EUR' },
      ...{
        scale: 2,
        status: 'open',
        frozen_for: null,
        version: 2,
        balance: '12.50',
        available: '12.50',
      },
      ...{ posted_debits: '12.50', posted_credits: '0.00' },
      ...{ pending_debits: '0.00', pending_credits: '0.00' },
      ...{ overdraft_limit: null, balance_limit: null, metadata: '{"till":"1"}' },
      opened_at: MORNING,
      ...place(3),
    });
  });

  it('account has its rules and its status as events changed them', () => {
    const { changed, frozen } = accountEvents('ann');
    const changes = { overdraftLimit: '5.00', metadata: { tier: 'gold' } };
    const rows = given(...HISTORY, changed(3, changes), frozen(4, 'debits')).rows(accountReadModel);
    const [before, afterChange, afterFreeze] = rows.slice(-3);
    expect(afterChange).toEqual({
      ...before,
      ...{ version: 3, overdraft_limit: '5.00', metadata: '{"tier":"gold"}' },
      ...place(5),
    });
    expect(afterFreeze).toEqual({
      ...afterChange,
      ...{ version: 4, status: 'frozen', frozen_for: 'debits' },
      ...place(6),
    });
  });

  it('entry has a row for each side of each leg, and none for what was refused', () => {
    const common = {
      ...{ table: 'entry', ledger: 'shop', batch_index: 0, leg: 0, transfer_id: 'deposit' },
      amount: '12.50',
      ...{ currency: 'EUR', balance: '12.50', effective_at: NOON, recorded_at: NOON },
      description: 'Deposit',
      ...place(3),
    };
    expect(given(...HISTORY).rows(entryReadModel)).toEqual([
      { ...common, account: 'cash', side: 'debit', counterparty: 'ann' },
      { ...common, account: 'ann', side: 'credit', counterparty: 'cash' },
    ]);
  });

  it('transfer has what was asked and what was decided, and whom it named', () => {
    const common = {
      ...{ table: 'transfer', ledger: 'shop', effective_at: NOON, recorded_at: NOON },
      ...{ reference: 'order 7', description: 'Deposit', metadata: '{"order":"7"}' },
      ...{ batch_id: null, batch_index: 0, conditions: null, pending: null, expires_at: null },
      ...{ reverses: null, exchange: null },
    };
    const named = (account: string, revision: number) => ({
      ...{ table: 'transfer_account', ledger: 'shop', account, revision, batch_index: 0 },
    });
    expect(given(...HISTORY).rows(transferReadModel)).toEqual([
      {
        ...common,
        ...{ id: 'deposit', state: 'posted', refusal: null, ...place(3) },
        legs: JSON.stringify(deposit.data.legs),
        totals: '[{"held":"0.00","posted":"12.50","reversed":"0.00"}]',
        state_position: '300',
      },
      named('cash', 3),
      named('ann', 3),
      {
        ...common,
        ...{ id: 'refused', state: 'refused', refusal: JSON.stringify(refusal), ...place(4) },
        legs: JSON.stringify(refused.data.legs),
        totals: '[{"held":"0.00","posted":"0.00","reversed":"0.00"}]',
        state_position: '400',
      },
      named('ann', 4),
      named('cash', 4),
    ]);
  });

  it.each(READ_MODELS)('$name gives exactly the columns of its tables', (readModel) => {
    const rows = given(...everyKindOfEvent('shop')).rows(readModel);
    for (const table of readModel.tables) {
      const found = rows.filter((row) => row.table === table.name);
      expect(found).not.toHaveLength(0);
      for (const row of found) {
        expect(Object.keys(row).sort()).toEqual(['table', ...Object.keys(table.columns)].sort());
      }
    }
  });
});

describe('of a ledger in which everything happened, the read model', () => {
  const history = everyKindOfEvent('shop');
  const books = given(...history);
  const rowsOf = (readModel: (typeof READ_MODELS)[number], table: string) =>
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
      ...['not needed', null, null],
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
      ['void-late', 'void', 'late', 'TRANSFER_NOT_PENDING'],
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

describe('the rows of a statement', () => {
  const table = {
    name: 'sample',
    columns: { id: 'text', state: 'text' },
    key: ['id'],
    write: 'revise',
    indexes: [],
  } as const;
  const row = (id: string, state: string) => ({ id, state });

  it('are the last of those under one key, in the place where the first is added', () => {
    const rows = rowsByTable([
      rowOf(table, row('a', 'pending')),
      revisedRow(table, row('b', 'pending')),
      revisedRow(table, row('a', 'posted')),
      revisedRow(table, row('b', 'voided')),
    ]);
    expect(rows.get(table)).toEqual({ added: [row('a', 'posted')], put: [row('b', 'voided')] });
  });

  it('that are new twice stay two, for the store to object', () => {
    const rows = rowsByTable([rowOf(table, row('a', 'posted')), rowOf(table, row('a', 'posted'))]);
    expect(rows.get(table)?.added).toHaveLength(2);
  });

  it('only replace in a table that is put', () => {
    const put = { ...table, write: 'put' } as const;
    const rows = rowsByTable([rowOf(put, row('a', 'open')), rowOf(put, row('a', 'closed'))]);
    expect(rows.get(put)).toEqual({ added: [], put: [row('a', 'closed')] });
  });
});

describe('a table', () => {
  const table = {
    name: 'sample',
    columns: { id: 'text', amount: 'numeric?' },
    key: ['id'],
    write: 'put',
    indexes: ['(amount)'],
  } as const;

  it('is made with what its description says', () => {
    expect(createTable('rm_1', table)).toEqual([
      'CREATE TABLE rm_1.sample (id text COLLATE "C" NOT NULL, amount numeric, PRIMARY KEY (id)) ' +
        'WITH (fillfactor = 80)',
      'CREATE INDEX ON rm_1.sample (amount)',
    ]);
  });

  it('is written from arrays, replacing or adding', () => {
    const place = { firstParameter: 3, onlyIf: 'moved' };
    const insert =
      'INSERT INTO rm_1.sample (id, amount) ' +
      'SELECT fresh.* FROM moved, unnest($3::text[], $4::numeric[]) AS fresh';
    expect(insertRows('rm_1', table, { ...place, replacing: false })).toBe(insert);
    expect(insertRows('rm_1', table, { ...place, replacing: true })).toBe(
      `${insert} ON CONFLICT (id) DO UPDATE SET amount = EXCLUDED.amount`,
    );
  });
});
