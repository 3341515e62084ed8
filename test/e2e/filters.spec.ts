// What lists can be narrowed by, and that their pages stay whole while others write.
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type EntryAnswer } from '../../src/queries/entry-answer.js';
import { type TransferAnswer } from '../../src/queries/transfer-answer.js';
import { type Whole, startWhole } from '../support/whole.js';

let whole: Whole;
/** Of the last event of the ledger `shop`. */
let revision = 0;

const SHOP = '/v1/ledgers/shop';
const EUR = { currency: 'EUR' };

async function post(path: string, body: object): Promise<void> {
  const { status, meta, text } = await whole.ask('POST', SHOP + path, { body });
  if (![200, 201, 422].includes(status)) throw new Error(text);
  revision = meta.revision ?? revision;
}
const pay = (id: string, debit: string, credit: string, amount: string, more: object = {}) =>
  post('/transfers', { id, debit, credit, amount, ...EUR, ...more });
const open = (address: string, type: string, more: object = {}) =>
  post('/accounts', { address, type, ...EUR, ...more });

async function list<Item>(path: string): Promise<{ items: Item[]; cursor: string | undefined }> {
  const mark = path.includes('?') ? '&' : '?';
  const asked = `${SHOP}${path}${mark}minRevision=${revision}`;
  const { status, data, meta, text } = await whole.ask<Item[]>('GET', asked);
  if (status !== 200) throw new Error(text);
  return { items: data, cursor: meta.nextCursor };
}
const transfers = async (query: string) =>
  (await list<TransferAnswer>(`/transfers?${query}`)).items.map(({ id }) => id);
const addresses = async (query: string) =>
  (await list<AccountSnapshot>(`/accounts?${query}`)).items.map(({ address }) => address);
const entries = async (account: string, query: string) =>
  (await list<EntryAnswer>(`/accounts/${account}/entries?${query}`)).items.map(
    ({ transferId, side, amount }) => `${transferId} ${side} ${amount}`,
  );

beforeAll(async () => {
  whole = await startWhole();
  await whole.ask('POST', '/v1/ledgers', {
    body: { id: 'shop', name: 'Shop', assets: [{ code: 'BTC', scale: 8 }] },
  });
  await open('world', 'asset', { overdraftLimit: null });
  await open('ann', 'liability', { metadata: { city: 'Brno' } });
  await open('ben', 'liability', { metadata: { city: 'Brno', tier: 'gold' } });
  await open('coins', 'asset', { currency: 'BTC', overdraftLimit: null });
  await pay('in-1', 'world', 'ann', '100', {
    ...{ effectiveAt: '2026-02-01T00:00:00Z', metadata: { channel: 'web' } },
  });
  await pay('in-2', 'world', 'ben', '50', { effectiveAt: '2026-01-01T00:00:00Z' });
  await pay('gift', 'ann', 'ben', '10', { metadata: { channel: 'app', card: '7' } });
  const order = { effectiveAt: '2026-02-03T00:00:00Z', metadata: { channel: 'web', card: '7' } };
  await pay('order', 'ann', 'world', '40', { pending: {}, ...order });
  await post('/transfers/order/capture', { id: 'order-1', amount: '15' });
  await post('/transfers/order/capture', { id: 'order-2', amount: '5', final: true });
  await pay('too-much', 'ben', 'ann', '1000');
  await post('/transfers/batch', {
    ...{ id: 'wages', atomic: true },
    transfers: ['1', '2'].map((amount, index) => ({
      ...{ id: `wage-${index}`, debit: 'world', credit: 'ann', amount, ...EUR },
    })),
  });
  await post('/accounts/ben/freeze', { reason: 'asked for' });
}, 60_000);
afterAll(() => whole.remove(), 60_000);

describe('transfers', () => {
  it.each([
    ['order=asc', 'in-1 in-2 gift order too-much wage-0 wage-1'],
    ['batch=wages', 'wage-1 wage-0'],
    ['batch=nothing', ''],
    ['state=posted&order=asc&limit=3', 'in-1 in-2 gift'],
    ['state=voided', ''],
    ['metadata.card=7&account=world', 'order'],
    ['from=2026-01-01&to=2026-02-04', 'order in-1 in-2'],
    ['from=2026-01-01&to=2026-02-04&order=asc', 'in-2 in-1 order'],
    ['to=2026-02-03T00:00:00.001Z&account=ann', 'order in-1'],
  ])('filter by "%s"', async (query, expected) => {
    expect((await transfers(query)).join(' ')).toBe(expected);
  });
});

describe('accounts', () => {
  it.each([
    ['status=frozen', 'ben'],
    ['type=asset', 'coins world'],
    ['currency=EUR&minBalance=0', 'ann ben world'],
    ['currency=EUR&minBalance=60.00&maxBalance=60', 'ben'],
    ['currency=EUR&maxBalance=-1', ''],
    ['currency=BTC&maxBalance=0.00000000', 'coins'],
    ['metadata.city=Brno&prefix=b', 'ben'],
  ])('filter by "%s"', async (query, expected) => {
    expect((await addresses(query)).join(' ')).toBe(expected);
  });

  it.each(['minBalance', 'maxBalance'])('do not compare by %s over currencies', async (field) => {
    const { status, error } = await whole.ask('GET', `${SHOP}/accounts?${field}=1`);
    expect([status, error.details.fields?.[0]?.field]).toEqual([400, field]);
  });
});

describe('entries', () => {
  it.each([
    ['ann', 'counterparty=ben', 'gift debit 10.00'],
    ['ben', 'counterparty=ann', 'gift credit 10.00'],
    ['ann', 'counterparty=nobody', ''],
    ['world', 'counterparty=ann&side=credit&order=asc', 'order credit 15.00, order credit 5.00'],
    ['world', 'side=debit&limit=2', 'wage-1 debit 2.00, wage-0 debit 1.00'],
    [
      'world',
      'minAmount=5&maxAmount=50',
      'order credit 5.00, order credit 15.00, in-2 debit 50.00',
    ],
    ['ann', 'transfer=order', 'order debit 5.00, order debit 15.00'],
    ['ann', 'transfer=wage-1', 'wage-1 credit 2.00'],
    ['ann', 'transfer=in-2', ''],
    ['ann', 'transfer=order-1', ''],
    ['ann', 'metadata.channel=web', 'order debit 5.00, order debit 15.00, in-1 credit 100.00'],
    ['ann', 'metadata.channel=web&counterparty=ben', ''],
    ['ann', 'metadata.card=7&order=asc&limit=2', 'gift debit 10.00, order debit 15.00'],
    ['ann', 'metadata.card=7&to=2026-02-04', ''],
    ['ann', 'from=2026-02-01&to=2026-02-02', 'in-1 credit 100.00'],
  ])('of %s filter by "%s"', async (account, query, expected) => {
    expect((await entries(account, query)).join(', ')).toBe(expected);
  });

  it('of many transfers are the same as those of few', async () => {
    const all = Array.from({ length: 1_001 }, (_, index) => ({
      ...{ id: `many-${index}`, debit: 'world', credit: 'ann', amount: '0.01', ...EUR },
      metadata: { run: 'many', ...(index % 100 === 0 && { hundredth: 'yes' }) },
    }));
    await post('/transfers/batch', { id: 'b-1', atomic: true, transfers: all.slice(0, 1_000) });
    await post('/transfers/batch', { id: 'b-2', atomic: true, transfers: all.slice(1_000) });
    const first = await list<EntryAnswer>('/accounts/ann/entries?metadata.run=many&limit=500');
    const next = `metadata.run=many&limit=500&cursor=${first.cursor}`;
    const second = await list<EntryAnswer>(`/accounts/ann/entries?${next}`);
    const last = `metadata.run=many&limit=500&cursor=${second.cursor}`;
    const third = await list<EntryAnswer>(`/accounts/ann/entries?${last}`);
    expect([...first.items, ...second.items, ...third.items].map((e) => e.transferId)).toEqual(
      all.map(({ id }) => id).toReversed(),
    );
    const few = await entries('ann', 'metadata.hundredth=yes');
    expect(few).toHaveLength(11);
  });
});

// Between any two pages something is added before and after the place where the pages are.
describe.each([
  ['transfers, back from the last', (account: string) => `/transfers?account=${account}`],
  ['transfers from the first', (account: string) => `/transfers?account=${account}&order=asc`],
  ['transfers by time', (account: string) => `/transfers?account=${account}&from=2020-01-01`],
  ['entries', (account: string) => `/accounts/${account}/entries?minAmount=1`],
  ['entries from the first', (account: string) => `/accounts/${account}/entries?order=asc`],
  ['accounts', (account: string) => `/accounts?prefix=${account}`],
])('the pages of %s', (name, path) => {
  const idOf = (item: { id?: string; transferId?: string; address?: string }) =>
    item.id ?? item.transferId ?? item.address ?? '';
  const add = async (account: string, round: number) => {
    await open(`${account}${round}`, 'liability');
    const early = `2021-01-01T00:00:00.${100 + round}Z`;
    for (const effectiveAt of [early, '2029-01-01T00:00:00Z', null]) {
      await pay(`${account}-${round}-${effectiveAt?.slice(0, 4)}`, 'world', account, '1', {
        effectiveAt,
      });
    }
  };

  it.each([1, 2])('by %s are whole, in order and without repeats', async (limit) => {
    const account = `${name.replace(/\W/g, '')}${limit}`;
    await open(account, 'liability');
    await add(account, 0);
    const before = (await list<object>(path(account))).items.map(idOf);
    const paged: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages === 0 || cursor !== undefined; pages += 1) {
      const next = cursor === undefined ? '' : `&cursor=${cursor}`;
      const page = await list<object>(`${path(account)}&limit=${limit}${next}`);
      paged.push(...page.items.map(idOf));
      cursor = page.cursor;
      if (pages < 2) await add(account, 1 + pages);
    }
    expect(paged).toHaveLength(new Set(paged).size);
    const known = new Set(before);
    expect(paged.filter((id) => known.has(id))).toEqual(before);
    const seen = new Set(paged);
    const after = (await list<object>(path(account))).items.map(idOf);
    expect(after.filter((id) => seen.has(id))).toEqual(paged);
  });
});

describe('a revision that does not come', () => {
  it('is answered with how far it is', async () => {
    const { status, error, headers } = await whole.ask('GET', `${SHOP}?minRevision=999999`);
    expect([status, error.code]).toEqual([503, 'READ_MODEL_BEHIND']);
    expect(error.details).toEqual({
      ...{ minRevision: 999_999, revision, logRevision: revision },
      missing: 999_999 - revision,
    });
    expect(error.message).toContain(`ends at revision ${revision}`);
    expect(headers.get('retry-after')).toBe('1');
  }, 15_000);
});

describe('a ledger that was just opened', () => {
  it('is behind, or not found, as the log has it', async () => {
    const path = '/v1/ledgers/fresh?minRevision=0';
    await whole.withoutProjector(async () => {
      const missing = await whole.ask('GET', path);
      expect([missing.status, missing.error.code]).toEqual([404, 'LEDGER_NOT_FOUND']);
      await whole.ask('POST', '/v1/ledgers', { body: { id: 'fresh', name: 'Fresh' } });
      const late = await whole.ask('GET', path);
      expect([late.status, late.error.code]).toEqual([503, 'READ_MODEL_BEHIND']);
      expect(late.error.details).toEqual({
        ...{ minRevision: 0, revision: null, missing: 1, logRevision: 0 },
      });
    });
    expect((await whole.ask('GET', path)).status).toBe(200);
  }, 60_000);
});
