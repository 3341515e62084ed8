// Sums over the tree of addresses, held against the trial balance and against sums of the accounts.
import { type RollUpRow } from '../../projections/account/queries.js';
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type TrialBalanceAnswer } from '../../src/queries/trial-balance/dto.js';
import { type Reply } from '../support/api.js';
import { type Whole, startWhole } from '../support/whole.js';

let whole: Whole;
let revision = 0;

const SHOP = '/v1/ledgers/shop';
const ACCOUNTS = [
  ['customers', 'liability', 'EUR'],
  ['customers:1', 'liability', 'EUR'],
  ['customers:1-a:wallet', 'liability', 'EUR'],
  ['customers:1:wallet', 'liability', 'EUR'],
  ['customers:1:fees', 'asset', 'EUR'],
  ['customers:1:coins', 'liability', 'BTC'],
  ['customers:2:wallet', 'liability', 'EUR'],
  ['customers2:wallet', 'liability', 'EUR'],
  ['world', 'equity', 'EUR'],
  ['world:coins', 'equity', 'BTC'],
] as const;

async function post(path: string, body: object): Promise<void> {
  const { status, meta, text } = await whole.ask('POST', SHOP + path, { body });
  if (status !== 201) throw new Error(text);
  revision = meta.revision ?? revision;
}

async function ask<T>(path: string) {
  const mark = path.includes('?') ? '&' : '?';
  const reply = await whole.ask<T>('GET', `${SHOP}${path}${mark}minRevision=${revision}`);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply;
}
/** When the last event was recorded. */
async function recordedAt(): Promise<string> {
  const { data } = await ask<{ recordedAt: string }[]>('/transfers?order=desc&limit=1');
  return data[0]?.recordedAt ?? '';
}
const rollUp = async (query: string) => (await ask<RollUpRow[]>(`/balances?${query}`)).data;
const briefly = ({ address, currency, accounts, difference, balances }: RollUpRow) =>
  `${address} ${currency} ${accounts}: ${difference}, ${balances.debit} and ${balances.credit}`;

beforeAll(async () => {
  whole = await startWhole();
  await whole.ask('POST', '/v1/ledgers', {
    body: { id: 'shop', name: 'Shop', assets: [{ code: 'BTC', scale: 8 }] },
  });
  for (const [address, type, currency] of ACCOUNTS) {
    await post('/accounts', { address, type, currency, overdraftLimit: null });
  }
  const legs = ACCOUNTS.filter(
    ([address, , currency]) => address !== 'world' && currency === 'EUR',
  );
  for (const [index, [credit]] of legs.entries()) {
    await post('/transfers', { debit: 'world', credit, amount: `${2 ** index}`, currency: 'EUR' });
  }
  const coins = { debit: 'world:coins', credit: 'customers:1:coins', currency: 'BTC' };
  await post('/transfers', { ...coins, amount: '0.5' });
  const hold = { debit: 'customers:1:wallet', credit: 'customers:2:wallet', currency: 'EUR' };
  await post('/transfers', { ...hold, amount: '3', pending: {} });
}, 60_000);
afterAll(() => whole.remove(), 60_000);

describe('sums below', () => {
  it('a prefix are made by whole segments, and each account counts once', async () => {
    expect((await rollUp('prefix=customers')).map(briefly)).toEqual([
      'customers EUR 1: -1.00, 0.00 and 1.00',
      'customers:1 BTC 1: -0.50000000, 0.00000000 and 0.50000000',
      'customers:1 EUR 3: -26.00, -16.00 and 10.00',
      'customers:1-a EUR 1: -4.00, 0.00 and 4.00',
      'customers:2 EUR 1: -32.00, 0.00 and 32.00',
    ]);
  });

  it('nothing are the roots of the tree', async () => {
    expect((await rollUp('currency=EUR')).map(briefly)).toEqual([
      'customers EUR 6: -63.00, -16.00 and 47.00',
      'customers2 EUR 1: -64.00, 0.00 and 64.00',
      'world EUR 1: 127.00, 0.00 and -127.00',
    ]);
    expect((await rollUp('depth=0')).map(briefly)).toEqual([
      ' BTC 2: 0.00000000, 0.00000000 and 0.00000000',
      ' EUR 8: 0.00, -16.00 and -16.00',
    ]);
  });

  it('have what is posted and what is held', async () => {
    const [wallet] = await rollUp('prefix=customers:1:wallet&depth=0');
    expect(wallet).toEqual({
      ...{ address: 'customers:1:wallet', currency: 'EUR', accounts: 1, difference: '-8.00' },
      posted: { debits: '0.00', credits: '8.00' },
      pending: { debits: '3.00', credits: '0.00' },
      balances: { debit: '0.00', credit: '8.00' },
    });
    expect(await rollUp('prefix=customers:3')).toEqual([]);
  });

  it.each([0, 1, 2, 3, 10])('%s segments come to the trial balance', async (depth) => {
    const rows = await rollUp(`depth=${depth}`);
    const { data } = await ask<TrialBalanceAnswer>('/trial-balance');
    for (const { currency, accounts, debits, credits } of data.currencies) {
      const own = rows.filter((row) => row.currency === currency);
      const sum = (amountOf: (row: RollUpRow) => string) =>
        own.reduce((total, row) => total + unitsOf(amountOf(row)), 0n);
      expect(own.reduce((total, row) => total + row.accounts, 0)).toBe(accounts);
      expect(sum(({ posted }) => posted.debits)).toBe(unitsOf(debits));
      expect(sum(({ posted }) => posted.credits)).toBe(unitsOf(credits));
    }
  });

  it('are the accounts themselves where the tree ends', async () => {
    const rows = await rollUp('depth=10&limit=500');
    const { data } = await ask<AccountSnapshot[]>('/accounts?limit=500');
    const sums = data.map(({ address, currency, posted, pending }) => ({
      ...{ address, currency, posted, pending },
    }));
    expect(rows).toMatchObject(sums);
    expect(rows).toHaveLength(sums.length);
  });

  it('another time are of what counted and was recorded by then, in accounts that were there', async () => {
    const old = { debit: 'world', credit: 'customers2:wallet', currency: 'EUR' };
    const before = await recordedAt();
    await post('/transfers', { ...old, amount: '1000', effectiveAt: '2026-01-31T12:00:00Z' });
    await post('/accounts', { address: 'late', type: 'asset', currency: 'EUR' });
    const january = (await rollUp('currency=EUR&at=2026-01-31')).map(briefly);
    expect(january).toEqual([
      'customers EUR 6: 0.00, 0.00 and 0.00',
      'customers2 EUR 1: -1000.00, 0.00 and 1000.00',
      'late EUR 1: 0.00, 0.00 and 0.00',
      'world EUR 1: 1000.00, 0.00 and -1000.00',
    ]);
    const known = await rollUp(`currency=EUR&knownAt=${before}`);
    expect(known.map(briefly)).toEqual([
      'customers EUR 6: -63.00, -16.00 and 47.00',
      'customers2 EUR 1: -64.00, 0.00 and 64.00',
      'world EUR 1: 127.00, 0.00 and -127.00',
    ]);
    expect(known[1]?.posted).toEqual({ debits: '0.00', credits: '64.00' });
    expect(known[1]).not.toHaveProperty('pending');
    const both = await rollUp(`depth=0&currency=EUR&at=2026-01-31&knownAt=${before}`);
    expect(both.map(briefly)).toEqual([' EUR 8: 0.00, 0.00 and 0.00']);
    const bad = await whole.ask('GET', `${SHOP}/balances?at=yesterday`);
    expect([bad.status, bad.error.details.fields?.[0]?.field]).toEqual([400, 'at']);
  });

  it('are paged', async () => {
    const all = await rollUp('prefix=customers');
    const paged: RollUpRow[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Reply<RollUpRow[]> = await ask<RollUpRow[]>(
        `/balances?prefix=customers&limit=1${next}`,
      );
      expect(page.data).toHaveLength(1);
      paged.push(...page.data);
      cursor = page.meta.nextCursor;
    }
    expect(paged).toEqual(all);
  });

  it.each(['prefix=customers:', 'prefix=', 'depth=11', 'depth=-1', 'depth=01', 'currency=eur'])(
    '%s is a bad request',
    async (query) => {
      const { status, error } = await whole.ask('GET', `${SHOP}/balances?${query}`);
      expect([status, error.details.fields?.[0]?.field]).toEqual([400, query.split('=')[0]]);
    },
  );
});

function unitsOf(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}
