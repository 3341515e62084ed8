// What each read model makes of the same small history.
import { createHash } from 'node:crypto';
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
import { EMPTY_DIGEST } from './books/digest.js';
import { entryReadModel } from './entry/project.js';
import { ledgerReadModel } from './ledger/project.js';
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

const digestOf = (before: string, entry: string) =>
  createHash('sha256').update(`${before} ${entry}`).digest('hex');
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
      recorded_at: NOON,
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
      recorded_at: NOON,
      digest: digestOf(EMPTY_DIGEST, `${place(3).event_id} 3 0 0 1250`),
      ...place(3),
    });
    expect(rows[3]?.['digest']).toBe(digestOf(EMPTY_DIGEST, `${place(3).event_id} 3 0 0 -1250`));
  });

  it('account has a digest of what was posted, leg by leg, and of nothing else', () => {
    const digests = given(...everyKindOfEvent('shop'))
      .rows(accountReadModel)
      .filter(({ address }) => address === 'bob')
      .map(({ revision, event_id: id, digest }) => ({ revision, id, digest }));
    const entries = given(...everyKindOfEvent('shop'))
      .rows(entryReadModel)
      .filter(({ account }) => account === 'bob');
    expect(entries.length).toBeGreaterThan(5);
    let digest = EMPTY_DIGEST;
    for (const { revision, id, digest: found } of digests) {
      for (const entry of entries.filter((row) => row['revision'] === revision)) {
        const { batch_index: index, leg, side, amount } = entry;
        const units = (side === 'debit' ? 1n : -1n) * BigInt(String(amount).replace('.', ''));
        digest = digestOf(digest, `${String(id)} ${revision} ${index} ${leg} ${units}`);
      }
      expect(found).toBe(digest);
    }
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
      { ...common, account: 'cash', account_type: 'asset', side: 'debit', counterparty: 'ann' },
      {
        ...common,
        account: 'ann',
        account_type: 'liability',
        side: 'credit',
        counterparty: 'cash',
      },
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

  // Those of long histories have specs of their own.
  const ofAnyHistory = READ_MODELS.filter(({ name }) => name !== 'balance-history');
  it.each(ofAnyHistory)('$name gives exactly the columns of its tables', (readModel) => {
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
