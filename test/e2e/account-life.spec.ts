// The life of accounts over HTTP: two API processes on one log, the projector and both stores for real.
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type Running } from '../../src/platform/process-frame.js';
import {
  type Client,
  type Method,
  type RequestOptions,
  type TestApi,
  clientFor,
  startTestApi,
} from '../support/api.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { tokenFor } from '../support/tokens.js';

let events: TestEventStore;
let postgres: TestPostgres;
let projector: Running;
let apis: TestApi[];
let ask: Client;
let other: Client;
let ledger: string;
let count = 0;

const stores = () => ({ eventStoreUrl: events.url, databaseUrl: postgres.url });
const startApis = async () => {
  apis = [await startTestApi(stores()), await startTestApi(stores())];
  [ask, other] = apis.map(({ url }) => clientFor(url)) as [Client, Client];
};
const stopApis = () => Promise.all(apis.map((api) => api.stop()));

beforeAll(async () => {
  [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  projector = await startTestProjector(stores());
  await startApis();
}, 60_000);
afterAll(async () => {
  await stopApis();
  await projector.stop();
  await Promise.all([events.remove(), postgres.remove()]);
}, 60_000);
beforeEach(async () => {
  count += 1;
  ledger = `life-${count}`;
  await ask('POST', '/v1/ledgers', { body: { id: ledger, name: 'Life' } });
  await open('world', { type: 'asset', overdraftLimit: null });
  await open('wallet');
});

const open = (address: string, account: object = {}) =>
  ask<AccountSnapshot>('POST', `/v1/ledgers/${ledger}/accounts`, {
    body: { address, type: 'liability', currency: 'EUR', ...account },
  });
const at = (method: Method, path: string, options: RequestOptions = {}, client = ask) =>
  client<AccountSnapshot>(method, `/v1/ledgers/${ledger}/accounts/${path}`, options);
const change = (body: object, ifMatch?: string, client = ask) => {
  const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
  return at('PATCH', 'wallet', { body, headers }, client);
};
const act = (path: string, body: object = {}, client = ask) =>
  at('POST', path, { body: { reason: 'asked for', ...body } }, client);
const move = (debit: string, credit: string, amount: string, client = ask) =>
  client('POST', `/v1/ledgers/${ledger}/transfers`, {
    body: { debit, credit, amount, currency: 'EUR' },
  });
const deposit = (amount: string, client = ask) => move('world', 'wallet', amount, client);
const withdraw = (amount: string) => move('wallet', 'world', amount);
const strong = (address = 'wallet') =>
  at('GET', address, { headers: { 'daybook-consistency': 'strong' } });
const outcome = ({ status, error }: { status: number; error?: { code: string } }) =>
  error === undefined ? String(status) : `${status} ${error.code}`;

describe('opening an account', () => {
  it('answers its version as the tag, that of now when it was opened before', async () => {
    const first = await open('purse');
    expect([first.status, first.headers.get('etag')]).toEqual([201, '"1"']);
    await move('world', 'purse', '1');
    const again = await open('purse');
    expect([again.status, again.headers.get('etag')]).toEqual([200, '"2"']);
  });
});

describe('changing an account', () => {
  it('answers the account with its new version as the tag', async () => {
    const reply = await change({
      overdraftLimit: '10',
      balanceLimit: '500.5',
      metadata: { tier: 'gold' },
    });
    expect(reply.status).toBe(200);
    expect(reply.data).toMatchObject({
      ...{ address: 'wallet', version: 2, status: 'open', freeze: null },
      ...{ overdraftLimit: '10.00', balanceLimit: '500.50', metadata: { tier: 'gold' } },
    });
    expect(reply.headers.get('etag')).toBe('"2"');
    expect(reply.meta.revision).toBe(3);
    expect((await strong()).data).toEqual(reply.data);
  });

  it('counts for the next transfer', async () => {
    expect(outcome(await withdraw('5'))).toBe('422 INSUFFICIENT_FUNDS');
    await change({ overdraftLimit: '5' });
    expect(outcome(await withdraw('5'))).toBe('201');
    await change({ overdraftLimit: '0' });
    expect(outcome(await withdraw('0.01'))).toBe('422 INSUFFICIENT_FUNDS');
    expect(outcome(await deposit('1'))).toBe('201');
  });

  it('takes null as no limit and no metadata, and leaves what is absent', async () => {
    await change({ overdraftLimit: '1', balanceLimit: '2', metadata: { a: '1' } });
    const lifted = await change({ overdraftLimit: null });
    expect(lifted.data).toMatchObject({
      ...{ overdraftLimit: null, balanceLimit: '2.00', metadata: { a: '1' } },
    });
    const bare = await change({ balanceLimit: null, metadata: null });
    expect(bare.data).toMatchObject({ overdraftLimit: null, balanceLimit: null, metadata: {} });
  });

  it('to what it is already records nothing', async () => {
    const first = await change({ overdraftLimit: '1' }, '"1"');
    const again = await change({ overdraftLimit: '1.0' }, '"1"');
    const nothing = await change({});
    expect([again.status, nothing.status]).toEqual([200, 200]);
    expect([again.data, nothing.data]).toEqual([first.data, first.data]);
    expect([again.meta.revision, nothing.meta.revision]).toEqual([3, 3]);
  });

  it('with If-Match is made only at that version, and tells the one it saw', async () => {
    const { headers } = await strong();
    await deposit('5');
    const late = await change({ overdraftLimit: '1' }, headers.get('etag') ?? '');
    expect(outcome(late)).toBe('412 VERSION_MISMATCH');
    expect(late.error.details['evidence']).toMatchObject({
      accounts: [{ account: 'wallet', version: 2, balance: '5.00', status: 'open' }],
    });
    expect((await change({ overdraftLimit: '1' }, '"2"')).data.version).toBe(3);
    expect((await change({ overdraftLimit: '2' }, '3')).data.version).toBe(4);
  });

  it('by many at the same version is made by one', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        change({ overdraftLimit: String(n + 1) }, '"1"', n % 2 ? ask : other),
      ),
    );
    const outcomes = replies.map(outcome);
    expect(outcomes.filter((told) => told === '200')).toHaveLength(1);
    expect(outcomes.filter((told) => told === '412 VERSION_MISMATCH')).toHaveLength(19);
    expect((await strong()).data.version).toBe(2);
  });
});

describe('freezing an account', () => {
  it('for all, which is the default, refuses both directions until it is unfrozen', async () => {
    await deposit('10');
    const frozen = await act('wallet/freeze');
    expect(frozen.status).toBe(200);
    expect(frozen.data).toMatchObject({ status: 'frozen', freeze: 'all', version: 3 });
    expect(frozen.headers.get('etag')).toBe('"3"');
    const refused = await deposit('1');
    expect(outcome(refused)).toBe('422 ACCOUNT_FROZEN');
    expect(refused.error.details['evidence']).toMatchObject({
      accounts: [{ account: 'wallet', status: 'frozen', freeze: 'all', change: '1.00' }],
    });
    expect(outcome(await withdraw('1'))).toBe('422 ACCOUNT_FROZEN');
    const unfrozen = await act('wallet/unfreeze');
    expect(unfrozen.data).toMatchObject({ status: 'open', freeze: null, version: 4 });
    expect(outcome(await withdraw('1'))).toBe('201');
  });

  it('for debits refuses only what debits it', async () => {
    await deposit('10');
    await act('wallet/freeze', { freeze: 'debits' });
    expect(outcome(await withdraw('1'))).toBe('422 ACCOUNT_FROZEN');
    expect(outcome(await deposit('1'))).toBe('201');
  });

  it('by many at once is recorded once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => act('wallet/freeze', {}, n % 2 ? ask : other)),
    );
    expect(new Set(replies.map(outcome))).toEqual(new Set(['200']));
    expect(new Set(replies.map(({ data }) => data.version))).toEqual(new Set([2]));
  });

  it('is told in the audit trail, with the reason and who gave it', async () => {
    const token = tokenFor('operator', [ledger]);
    const body = { reason: 'Court order 7', freeze: 'debits' };
    expect((await at('POST', 'wallet/freeze', { body, token })).status).toBe(200);
    const trail = `/v1/ledgers/${ledger}/events?direction=backwards&limit=1`;
    const { data } = await ask<object[]>('GET', trail);
    expect(data[0]).toMatchObject({
      type: 'AccountFrozen',
      metadata: { actor: 'operator@test' },
      data: { address: 'wallet', version: 2, ...body },
    });
  });
});

describe('closing an account', () => {
  it('takes an empty one, for ever', async () => {
    await deposit('10');
    const early = await act('wallet/close');
    expect(outcome(early)).toBe('422 ACCOUNT_NOT_EMPTY');
    expect(early.error.details['evidence']).toMatchObject({ accounts: [{ balance: '10.00' }] });
    await withdraw('10');
    const closed = await act('wallet/close');
    expect(closed.data).toMatchObject({ status: 'closed', freeze: null, version: 4 });
    const again = await act('wallet/close', { reason: 'once more' });
    expect([again.status, again.data]).toEqual([200, closed.data]);
    const replies = [
      await deposit('1'),
      await change({ overdraftLimit: '1' }),
      await act('wallet/freeze'),
      await act('wallet/unfreeze'),
    ];
    expect(new Set(replies.map(outcome))).toEqual(new Set(['422 ACCOUNT_CLOSED']));
    expect((await open('wallet')).data).toMatchObject({ status: 'closed', version: 4 });
  });

  it('and a transfer to it at the same time: one of them, never both', async () => {
    const addresses = Array.from({ length: 30 }, (_, n) => `w${n}`);
    for (const address of addresses) await open(address);
    const pairs = await Promise.all(
      addresses.map(async (address, n) => {
        const [one, two] = n % 2 ? [ask, other] : [other, ask];
        const both = [act(`${address}/close`, {}, one), move('world', address, '1', two)];
        return (await Promise.all(both)).map(outcome).join(' and ');
      }),
    );
    for (const [n, pair] of pairs.entries()) {
      expect(['200 and 422 ACCOUNT_CLOSED', '422 ACCOUNT_NOT_EMPTY and 201']).toContain(pair);
      const { status, balance } = (await strong(`w${n}`)).data;
      const isClosed = pair.startsWith('200');
      expect([status, balance]).toEqual(isClosed ? ['closed', '0.00'] : ['open', '1.00']);
    }
  });
});

describe('the read model', () => {
  it('answers accounts as they were changed, and lists them by status', async () => {
    await change({ balanceLimit: '9', metadata: { tier: 'gold' } });
    await act('wallet/freeze', { freeze: 'debits' });
    await open('gone');
    const { meta } = await act('gone/close');
    const revision = `minRevision=${meta.revision}`;
    const wallet = await at('GET', `wallet?${revision}`);
    expect(wallet.data).toEqual((await strong()).data);
    expect(wallet.data).toMatchObject({ status: 'frozen', freeze: 'debits', balanceLimit: '9.00' });
    expect(wallet.headers.get('etag')).toBe('"3"');
    const listed = async (status: string) => {
      const path = `/v1/ledgers/${ledger}/accounts?status=${status}&${revision}`;
      return (await ask<AccountSnapshot[]>('GET', path)).data.map(({ address }) => address);
    };
    expect(await listed('open')).toEqual(['world']);
    expect(await listed('frozen')).toEqual(['wallet']);
    expect(await listed('closed')).toEqual(['gone']);
  });
});

describe('after a restart of everything but Postgres', () => {
  it('accounts are what they were, and refused transfers stay refused', async () => {
    await act('wallet/freeze');
    await open('gone');
    await act('gone/close');
    await open('half');
    await act('half/freeze', { freeze: 'debits' });
    const body = { id: 'r', debit: 'world', credit: 'wallet', amount: '1', currency: 'EUR' };
    const transfers = `/v1/ledgers/${ledger}/transfers`;
    const refused = await ask('POST', transfers, { body });
    const accounts = async () => [await strong(), await strong('gone'), await strong('half')];
    const before = (await accounts()).map(({ data }) => data);
    await stopApis();
    await projector.stop();
    await events.stop();
    await events.restart();
    projector = await startTestProjector(stores());
    await startApis();
    expect((await accounts()).map(({ data }) => data)).toEqual(before);
    await act('wallet/unfreeze');
    const again = await ask('POST', transfers, { body });
    expect(again.error).toEqual(refused.error);
    expect(outcome(again)).toBe('422 ACCOUNT_FROZEN');
    expect(outcome(await deposit('1'))).toBe('201');
    expect(outcome(await move('world', 'gone', '1'))).toBe('422 ACCOUNT_CLOSED');
    const { meta } = await move('world', 'half', '1');
    const half = await at('GET', `half?minRevision=${meta.revision}`);
    expect(half.data).toEqual((await strong('half')).data);
    expect(half.data).toMatchObject({ status: 'frozen', freeze: 'debits', balance: '1.00' });
  });
});
