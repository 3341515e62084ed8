// The read side as its users meet it: the API, the projector and both stores for real.
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type Running } from '../../src/platform/process-frame.js';
import { type TransferAnswer } from '../../src/queries/transfer-answer.js';
import { type TrialBalanceAnswer } from '../../src/queries/trial-balance/dto.js';
import { startTestProjector } from '../support/projector.js';
import { type Client, type TestApi, clientFor, startTestApi } from '../support/api.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { tokenFor } from '../support/tokens.js';

interface Entry {
  revision: number;
  leg: number;
  side: string;
  amount: string;
  balance: string;
  counterparty: string;
}

let events: TestEventStore;
let postgres: TestPostgres;
let projector: Running;
let api: TestApi;
let call: Client;
/** Of the last event of the ledger `shop`. */
let revision: number;

const EUR = { currency: 'EUR' };

async function post(path: string, body: object): Promise<number> {
  const { status, meta, text } = await call('POST', path, { body });
  if (![201, 422].includes(status) || meta.revision === undefined) throw new Error(text);
  return meta.revision;
}

beforeAll(async () => {
  [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  const stores = { eventStoreUrl: events.url, databaseUrl: postgres.url };
  projector = await startTestProjector(stores);
  api = await startTestApi(stores);
  call = clientFor(api.url);
  await post('/v1/ledgers', { id: 'other', name: 'Other' });
  await post('/v1/ledgers', { id: 'shop', name: 'Shop', assets: [{ code: 'BTC', scale: 8 }] });
  const accounts = '/v1/ledgers/shop/accounts';
  await post(accounts, { address: 'world', type: 'asset', overdraftLimit: null, ...EUR });
  await post(accounts, {
    address: 'customers:1',
    type: 'liability',
    metadata: { city: 'Brno', tier: 'gold' },
    ...EUR,
  });
  await post(accounts, {
    address: 'customers:2',
    type: 'liability',
    metadata: { city: 'Brno' },
    ...EUR,
  });
  await post(accounts, { address: 'coins', type: 'asset', currency: 'BTC', overdraftLimit: null });
  await post(accounts, { address: 'coin-holders', type: 'liability', currency: 'BTC' });
  const transfers = '/v1/ledgers/shop/transfers';
  await post(transfers, {
    id: 'deposit',
    debit: 'world',
    credit: 'customers:1',
    amount: '100',
    reference: 'first',
    effectiveAt: '2026-02-01T00:00:00Z',
    metadata: { order: '7' },
    ...EUR,
  });
  await post(transfers, {
    id: 'round-trip',
    description: 'there and half back',
    effectiveAt: '2026-02-02T00:00:00Z',
    legs: [
      { debit: 'customers:1', credit: 'customers:2', amount: '10.50', ...EUR },
      { debit: 'customers:2', credit: 'customers:1', amount: '5.25', ...EUR },
      { debit: 'coins', credit: 'coin-holders', amount: '0.00000001', currency: 'BTC' },
    ],
  });
  const tooMuch = { debit: 'customers:2', credit: 'customers:1', amount: '1000', ...EUR };
  revision = await post(transfers, { id: 'too-much', ...tooMuch });
}, 60_000);

afterAll(async () => {
  await api.stop();
  await projector.stop();
  await Promise.all([events.remove(), postgres.remove()]);
}, 60_000);

describe('an account', () => {
  const path = '/v1/ledgers/shop/accounts/customers:1';

  it('is answered as of the revision asked for, with its version as the tag', async () => {
    const reply = await call<AccountSnapshot>('GET', `${path}?minRevision=${revision}`);
    expect(reply.status).toBe(200);
    expect(reply.data).toEqual({
      address: 'customers:1',
      type: 'liability',
      currency: 'EUR',
      ...{ status: 'open', freeze: null },
      version: 3,
      balance: '94.75',
      available: '94.75',
      posted: { debits: '10.50', credits: '105.25' },
      pending: { debits: '0.00', credits: '0.00' },
      overdraftLimit: '0.00',
      balanceLimit: null,
      metadata: { city: 'Brno', tier: 'gold' },
      openedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
    });
    expect(reply.headers.get('etag')).toBe('"3"');
    expect(reply.meta.revision).toBe(revision);
    expect(reply.meta.position).toMatch(/^\d+$/);
    expect(reply.meta.digest).toMatch(/^[\da-f]{64}$/);
    expect(reply.meta.digest).not.toBe('0'.repeat(64));
  });

  it('is the same from the write side', async () => {
    const headers = { 'Daybook-Consistency': 'strong' };
    const strong = await call('GET', path, { headers });
    const weak = await call('GET', `${path}?minRevision=${revision}`);
    expect(strong.data).toEqual(weak.data);
    expect(strong.meta.revision).toBe(revision);
  });

  it.each([
    ['?minRevision=-1', 'minRevision'],
    ['?minRevision=1.5', 'minRevision'],
    ['?at=now', 'at'],
  ])('%s is a bad request about %s', async (query, field) => {
    const { status, error } = await call('GET', path + query);
    expect(status).toBe(400);
    expect(error.details.fields?.[0]?.field).toBe(field);
  });

  it('refuses a consistency that there is not', async () => {
    const { status, error } = await call('GET', path, {
      headers: { 'Daybook-Consistency': 'week' },
    });
    expect(status).toBe(400);
    expect(error.details.fields?.[0]?.field).toBe('Daybook-Consistency');
  });

  it('that was never opened is not found, on either side', async () => {
    const nobody = '/v1/ledgers/shop/accounts/nobody';
    const weak = await call('GET', nobody);
    const strong = await call('GET', nobody, { headers: { 'Daybook-Consistency': 'strong' } });
    expect([weak.error.code, strong.error.code]).toEqual([
      'ACCOUNT_NOT_FOUND',
      'ACCOUNT_NOT_FOUND',
    ]);
  });
});

describe('the list of accounts', () => {
  const list = async (query: string) => {
    const path = `/v1/ledgers/shop/accounts?minRevision=${revision}&${query}`;
    const { status, data, meta, text } = await call<AccountSnapshot[]>('GET', path);
    if (status !== 200) throw new Error(text);
    return { addresses: data.map(({ address }) => address), cursor: meta.nextCursor };
  };

  it.each([
    ['', ['coin-holders', 'coins', 'customers:1', 'customers:2', 'world']],
    ['prefix=customers:', ['customers:1', 'customers:2']],
    ['prefix=c_in', []],
    ['type=asset', ['coins', 'world']],
    ['currency=BTC', ['coin-holders', 'coins']],
    ['status=frozen', []],
    ['metadata.city=Brno', ['customers:1', 'customers:2']],
    ['metadata.city=Brno&metadata.tier=gold', ['customers:1']],
  ])('filters by "%s"', async (query, expected) => {
    expect((await list(query)).addresses).toEqual(expected);
  });

  it('is paged by cursors that stay with their filters', async () => {
    const first = await list('limit=2');
    expect(first.addresses).toEqual(['coin-holders', 'coins']);
    const second = await list(`limit=2&cursor=${first.cursor}`);
    const third = await list(`limit=2&cursor=${second.cursor}`);
    expect([...second.addresses, ...third.addresses]).toEqual([
      'customers:1',
      'customers:2',
      'world',
    ]);
    expect(third.cursor).toBeUndefined();
    const other = await call('GET', `/v1/ledgers/shop/accounts?type=asset&cursor=${first.cursor}`);
    expect([other.status, other.error.code]).toEqual([400, 'INVALID_CURSOR']);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['type=assets', 'type'],
    ['currency=eur', 'currency'],
    ['prefix=a%00', 'prefix'],
    ['metadata=x', 'metadata'],
    ['metadata.=x', 'metadata.'],
    ['metadata.a=1&metadata.a=2', 'metadata.a'],
    ['colour=red', 'colour'],
    ['cursor=abc', 'cursor'],
  ])('%s is a bad request about %s', async (query, field) => {
    const { status, error } = await call('GET', `/v1/ledgers/shop/accounts?${query}`);
    expect(status).toBe(400);
    expect(error.details.fields?.[0]?.field).toBe(field);
  });
});

describe('entries', () => {
  const path = '/v1/ledgers/shop/accounts/customers:1/entries';
  const list = async (query: string) => {
    const { status, data, meta, text } = await call<Entry[]>(
      'GET',
      `${path}?minRevision=${revision}&${query}`,
    );
    if (status !== 200) throw new Error(text);
    return { lines: data.map(lineOf), cursor: meta.nextCursor };
  };
  const lineOf = (entry: Entry) =>
    `${entry.revision}.${entry.leg} ${entry.side} ${entry.amount} ${entry.counterparty} = ${entry.balance}`;
  const LINES = [
    '6.0 credit 100.00 world = 100.00',
    '7.0 debit 10.50 customers:2 = 89.50',
    '7.1 credit 5.25 customers:2 = 94.75',
  ];

  it('run in both orders, with the balance after each', async () => {
    expect((await list('order=asc')).lines).toEqual(LINES);
    expect((await list('')).lines).toEqual(LINES.toReversed());
  });

  it('are paged between the legs of one transfer', async () => {
    const first = await list('order=asc&limit=2');
    const second = await list(`order=asc&limit=2&cursor=${first.cursor}`);
    expect([...first.lines, ...second.lines]).toEqual(LINES);
    expect(second.cursor).toBeUndefined();
  });

  it('can be narrowed by the time they count from', async () => {
    expect((await list('from=2026-02-02&order=asc')).lines).toEqual(LINES.slice(1));
    expect((await list('to=2026-02-02T00:00:00Z')).lines).toEqual(LINES.slice(0, 1));
    expect(
      (await list('from=2026-02-01T01:00:00%2B01:00&to=2026-02-01T00:00:00.001Z')).lines,
    ).toEqual(LINES.slice(0, 1));
  });

  it.each(['from=2026-02-30', 'to=yesterday', 'from=2026-13-01', 'order=up', 'from=0000-01-01'])(
    '%s is a bad request',
    async (query) => {
      const { status, error } = await call('GET', `${path}?${query}`);
      expect([status, error.code]).toEqual([400, 'INVALID_REQUEST']);
    },
  );

  it('of an account without any are an empty list, of no account not found', async () => {
    const none = await call('POST', '/v1/ledgers/other/accounts', {
      body: { address: 'empty', type: 'asset', ...EUR },
    });
    const entries = '/v1/ledgers/other/accounts/empty/entries';
    const empty = await call('GET', `${entries}?minRevision=${none.meta.revision}`);
    expect([empty.status, empty.data]).toEqual([200, []]);
    const missing = await call('GET', '/v1/ledgers/other/accounts/nobody/entries');
    expect(missing.error.code).toBe('ACCOUNT_NOT_FOUND');
  });
});

describe('transfers', () => {
  const path = '/v1/ledgers/shop/transfers';
  const list = async (query: string) => {
    const { data } = await call<TransferAnswer[]>(
      'GET',
      `${path}?minRevision=${revision}&${query}`,
    );
    return data.map(({ id }) => id);
  };

  it.each([
    ['', ['too-much', 'round-trip', 'deposit']],
    ['state=refused', ['too-much']],
    ['account=customers:2', ['too-much', 'round-trip']],
    ['account=coins', ['round-trip']],
    ['reference=first', ['deposit']],
    ['metadata.order=7', ['deposit']],
    ['to=2026-02-02', ['deposit']],
    ['from=2026-02-02&to=2026-02-03', ['round-trip']],
  ])('filters by "%s"', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  it('are told one by one, as they were recorded', async () => {
    const reply = await call<TransferAnswer>('GET', `${path}/round-trip?minRevision=${revision}`);
    expect(reply.data).toEqual({
      id: 'round-trip',
      state: 'posted',
      legs: [
        { debit: 'customers:1', credit: 'customers:2', amount: '10.50', currency: 'EUR' },
        { debit: 'customers:2', credit: 'customers:1', amount: '5.25', currency: 'EUR' },
        { debit: 'coins', credit: 'coin-holders', amount: '0.00000001', currency: 'BTC' },
      ],
      effectiveAt: '2026-02-02T00:00:00.000Z',
      recordedAt: expect.any(String) as string,
      ...{ revision: 7, reference: null, description: 'there and half back', metadata: {} },
      totals: [
        { held: '0.00', posted: '10.50', reversed: '0.00' },
        { held: '0.00', posted: '5.25', reversed: '0.00' },
        { held: '0.00000000', posted: '0.00000001', reversed: '0.00000000' },
      ],
      ...{ captures: [], voids: [], reversals: [] },
    });
  });

  it('that were refused carry their evidence', async () => {
    const { data } = await call<TransferAnswer>('GET', `${path}/too-much?minRevision=${revision}`);
    expect([data.state, data.refusal?.code]).toEqual(['refused', 'INSUFFICIENT_FUNDS']);
    expect(data.refusal?.evidence.accounts[0]?.account).toBe('customers:2');
  });

  it('that are not there are not found', async () => {
    const { error } = await call('GET', `${path}/nothing`);
    expect(error.code).toBe('TRANSFER_NOT_FOUND');
  });
});

describe('the trial balance', () => {
  const path = '/v1/ledgers/shop/trial-balance';

  it('agrees per currency', async () => {
    const { data } = await call<TrialBalanceAnswer>('GET', `${path}?minRevision=${revision}`);
    expect(data).toEqual({
      agrees: true,
      currencies: [
        {
          currency: 'BTC',
          agrees: true,
          ...{ accounts: 2, debits: '0.00000001', credits: '0.00000001', difference: '0.00000000' },
          types: [
            {
              type: 'asset',
              ...{ accounts: 1, debits: '0.00000001', credits: '0.00000000' },
              difference: '0.00000001',
            },
            {
              type: 'liability',
              ...{ accounts: 1, debits: '0.00000000', credits: '0.00000001' },
              difference: '-0.00000001',
            },
          ],
        },
        {
          currency: 'EUR',
          agrees: true,
          ...{ accounts: 3, debits: '115.75', credits: '115.75', difference: '0.00' },
          types: [
            {
              type: 'asset',
              ...{ accounts: 1, debits: '100.00', credits: '0.00', difference: '100.00' },
            },
            {
              type: 'liability',
              ...{ accounts: 2, debits: '15.75', credits: '115.75', difference: '-100.00' },
            },
          ],
        },
      ],
    });
  });

  it('can be of one currency', async () => {
    const { data } = await call<TrialBalanceAnswer>('GET', `${path}?currency=BTC`);
    expect(data.currencies.map(({ currency }) => currency)).toEqual(['BTC']);
  });
});

describe('ledgers', () => {
  it('are those that the token reaches', async () => {
    await call('GET', `/v1/ledgers/shop?minRevision=${revision}`);
    const ids = async (token: string) =>
      (await call<{ id: string }[]>('GET', '/v1/ledgers', { token })).data.map(({ id }) => id);
    expect(await ids(tokenFor('admin'))).toEqual(['other', 'shop']);
    expect(await ids(tokenFor('reader', ['shop', 'nowhere']))).toEqual(['shop']);
    expect(await ids(tokenFor('reader', ['*']))).toEqual(['other', 'shop']);
  });

  it('that a token does not name do not exist for it', async () => {
    const token = tokenFor('reader', ['other']);
    for (const path of ['', '/accounts', '/transfers', '/trial-balance', '/events']) {
      const { status, error } = await call('GET', `/v1/ledgers/shop${path}`, { token });
      expect([status, error.code]).toEqual([404, 'LEDGER_NOT_FOUND']);
    }
  });

  it('that were never opened are not found', async () => {
    for (const path of ['', '/accounts', '/transfers', '/trial-balance', '/events']) {
      const { status, error } = await call('GET', `/v1/ledgers/nowhere${path}`);
      expect([status, error.code]).toEqual([404, 'LEDGER_NOT_FOUND']);
    }
  });
});

describe('the audit trail', () => {
  interface Event {
    revision: number;
    type: string;
    metadata: { actor: string; hash: string; previousHash: string };
  }
  const path = '/v1/ledgers/shop/events';
  const auditor = tokenFor('auditor', ['shop']);

  it('is the chain of events, both ways', async () => {
    const { data, meta } = await call<Event[]>('GET', path, { token: auditor });
    expect(data.map(({ revision: at }) => at)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(data[8]?.type).toBe('TransferRefused');
    data.slice(1).forEach((event, index) => {
      expect(event.metadata.previousHash).toBe(data[index]?.metadata.hash);
    });
    expect(meta.revision).toBe(8);
    const back = await call<Event[]>('GET', `${path}?direction=backwards`, { token: auditor });
    expect(back.data).toEqual(data.toReversed());
  });

  it('is paged, also back, and from a revision', async () => {
    const revisions = async (query: string) => {
      const { data, meta } = await call<Event[]>('GET', `${path}?${query}`, { token: auditor });
      return { found: data.map(({ revision: at }) => at), cursor: meta.nextCursor };
    };
    expect((await revisions('from=7')).found).toEqual([7, 8]);
    expect((await revisions('from=99')).found).toEqual([]);
    expect((await revisions('from=99&direction=backwards&limit=1')).found).toEqual([8]);
    const first = await revisions('direction=backwards&limit=5&from=5');
    expect(first.found).toEqual([5, 4, 3, 2, 1]);
    const rest = await revisions(`direction=backwards&limit=5&from=5&cursor=${first.cursor}`);
    expect(rest).toEqual({ found: [0], cursor: undefined });
  });

  it('is not for everybody', async () => {
    const { status } = await call('GET', path, { token: tokenFor('reader', ['shop']) });
    expect(status).toBe(403);
  });
});

describe('when a store is away', () => {
  it('projections say how far they are, and that they have caught up', async () => {
    await call('GET', `/v1/ledgers/shop?minRevision=${revision}`);
    const { data } = await call<{ projection: string; lag: number; state: string }[]>(
      'GET',
      '/v1/projections',
    );
    const names = ['ledger', 'account', 'entry', 'balance-history', 'transfer', 'refusal'];
    expect(data).toMatchObject(names.map((projection) => ({ projection, lag: 0, state: 'live' })));
  });

  it('queries answer 503 without Postgres, and again with it', async () => {
    const path = '/v1/ledgers/shop/accounts/customers:1';
    await postgres.stop();
    const away = await call('GET', path);
    expect([away.status, away.error.code]).toEqual([503, 'READ_MODEL_UNAVAILABLE']);
    expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
    const strong = await call('GET', path, { headers: { 'Daybook-Consistency': 'strong' } });
    expect(strong.status).toBe(200);
    const posted = await post('/v1/ledgers/shop/transfers', {
      ...{ debit: 'world', credit: 'customers:1', amount: '1.00', ...EUR },
    });
    await postgres.restart();
    const back = await call<AccountSnapshot>('GET', `${path}?minRevision=${posted}`);
    expect([back.status, back.data.balance]).toEqual([200, '95.75']);
  }, 60_000);

  it('queries go on without the event store, and the projector goes on with it', async () => {
    const path = '/v1/ledgers/shop/accounts/customers:1';
    await events.stop();
    expect((await call('GET', path)).status).toBe(200);
    const { data } = await call<{ lag: number | null }[]>('GET', '/v1/projections');
    expect(data[0]?.lag).toBeNull();
    await events.restart();
    let posted: number | undefined;
    while (posted === undefined) {
      const reply = await call('POST', '/v1/ledgers/shop/transfers', {
        body: { id: 'later', debit: 'world', credit: 'customers:1', amount: '1.00', ...EUR },
      });
      posted = reply.meta.revision;
    }
    const back = await call<AccountSnapshot>('GET', `${path}?minRevision=${posted}`);
    expect(back.data.balance).toBe('96.75');
  }, 60_000);
});
