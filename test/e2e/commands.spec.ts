// Commands over HTTP, from the token to the event and back, on the embedded event node.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { decode } from '../../src/event-store/codec.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type TransferAnswer } from '../../src/commands/post-transfer/transfer-answer.js';
import {
  type Client,
  type RequestOptions,
  type TestApi,
  clientFor,
  startTestApi,
} from '../support/api.js';
import { type TestEventStore, startTestEventStore } from '../support/stores.js';
import { tokenFor } from '../support/tokens.js';

let events: TestEventStore;
let apis: TestApi[];
let ask: Client;
let other: Client;
let store: EventStore;
let ledger: string;
let count = 0;

beforeAll(async () => {
  events = await startTestEventStore();
  store = eventStoreDb(events.url, pino({ level: 'silent' }));
  const settings = { eventStoreUrl: events.url };
  apis = [await startTestApi(settings), await startTestApi(settings)];
  [ask, other] = apis.map(({ url }) => clientFor(url)) as [Client, Client];
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await store.close();
  await events.remove();
});
beforeEach(async () => {
  count += 1;
  ledger = `ledger-${count}`;
  await ask('POST', '/v1/ledgers', { body: { id: ledger, name: 'A ledger' } });
  await open({ address: 'world', type: 'equity', overdraftLimit: null });
  await open({ address: 'cash', type: 'asset' });
});

const open = (account: Record<string, unknown>) =>
  ask<AccountSnapshot>('POST', `/v1/ledgers/${ledger}/accounts`, {
    body: { currency: 'EUR', ...account },
  });
const post = (body: Record<string, unknown>, options: RequestOptions = {}, client = ask) =>
  client<TransferAnswer>('POST', `/v1/ledgers/${ledger}/transfers`, { body, ...options });
const leg = (amount: string) => ({ debit: 'cash', credit: 'world', amount, currency: 'EUR' });
const spend = (amount: string) => ({ debit: 'world', credit: 'cash', amount, currency: 'EUR' });

describe('opening a ledger', () => {
  it('answers 201 once and 200 ever after', async () => {
    const body = { id: 'twice', name: 'Twice', assets: [{ code: 'BTC', scale: 8 }] };
    const first = await ask('POST', '/v1/ledgers', { body });
    const again = await ask('POST', '/v1/ledgers', { body });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(first.data).toMatchObject(body);
    expect(again.data).toEqual(first.data);
    expect(first.meta.revision).toBe(0);
  });

  it('registers assets that its accounts and transfers may use', async () => {
    const assets = [{ code: 'BTC', scale: 8 }];
    await ask('POST', '/v1/ledgers', { body: { id: 'coins', name: 'Coins', assets } });
    ledger = 'coins';
    await open({ address: 'cold', type: 'asset', currency: 'BTC' });
    await open({ address: 'hot', type: 'equity', currency: 'BTC' });
    const reply = await post({
      debit: 'cold',
      credit: 'hot',
      amount: '0.00000001',
      currency: 'BTC',
    });
    expect(reply.data.balances[0]?.balance).toBe('0.00000001');
  });
});

describe('opening an account', () => {
  it('answers it as it was opened, with an overdraft limit of zero by default', async () => {
    const reply = await open({ address: 'a:b', type: 'liability', metadata: { k: 'v' } });
    expect(reply.status).toBe(201);
    expect(reply.data).toEqual({
      address: 'a:b',
      type: 'liability',
      currency: 'EUR',
      status: 'open',
      freeze: null,
      version: 1,
      balance: '0.00',
      available: '0.00',
      posted: { debits: '0.00', credits: '0.00' },
      pending: { debits: '0.00', credits: '0.00' },
      overdraftLimit: '0.00',
      balanceLimit: null,
      metadata: { k: 'v' },
      openedAt: expect.stringMatching(/Z$/) as string,
    });
  });

  it('answers the same again with the account as it is now', async () => {
    await post(leg('5'));
    const again = await open({ address: 'cash', type: 'asset', overdraftLimit: '0.0' });
    expect(again.status).toBe(200);
    expect(again.data).toMatchObject({ balance: '5.00', version: 2 });
  });

  it('names what differs', async () => {
    const reply = await open({ address: 'cash', type: 'expense', metadata: { a: '1' } });
    expect(reply.status).toBe(409);
    expect(reply.error.code).toBe('ACCOUNT_EXISTS');
    const fields = reply.error.details.fields?.map(({ field }) => field);
    expect(fields).toEqual(['type', 'metadata.a']);
  });

  it('keeps metadata with any key a text can have', async () => {
    const metadata = { constructor: 'x', toString: 'y', 'a b': 'ü', then: 'z' };
    const reply = await open({ address: 'odd', type: 'asset', metadata });
    expect(reply.data.metadata).toEqual(metadata);
  });
});

describe('posting a transfer', () => {
  it('answers the transfer and what its accounts came to', async () => {
    const reply = await post({
      ...leg('12.5'),
      id: 'deposit',
      effectiveAt: '2026-01-15t10:30:00.123456+01:00',
      reference: 'R-1',
      metadata: { order: '7' },
    });
    expect(reply.status).toBe(201);
    expect(reply.data).toEqual({
      id: 'deposit',
      state: 'posted',
      legs: [leg('12.50')],
      effectiveAt: '2026-01-15T09:30:00.123Z',
      recordedAt: expect.stringMatching(/Z$/) as string,
      revision: 3,
      reference: 'R-1',
      description: null,
      metadata: { order: '7' },
      balances: [
        { account: 'cash', currency: 'EUR', version: 2, balance: '12.50', available: '12.50' },
        { account: 'world', currency: 'EUR', version: 2, balance: '12.50', available: '12.50' },
      ],
    });
    expect(reply.meta.revision).toBe(3);
    expect(reply.headers.get('idempotency-replayed')).toBeNull();
  });

  it('moves several legs at once', async () => {
    await open({ address: 'fees', type: 'expense' });
    const legs = [leg('10'), { ...leg('1'), debit: 'fees' }];
    const reply = await post({ legs });
    expect(reply.data.balances.map(({ account, balance }) => [account, balance])).toEqual([
      ['cash', '10.00'],
      ['world', '11.00'],
      ['fees', '1.00'],
    ]);
  });

  it('makes up an id when none is given', async () => {
    const [one, two] = [await post(leg('1')), await post(leg('1'))];
    expect(one.data.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(two.data.id).not.toBe(one.data.id);
    expect(two.data.balances[0]?.balance).toBe('2.00');
  });

  it('records who caused it', async () => {
    const token = tokenFor('operator', [ledger]);
    const reply = await post(leg('1'), { token, headers: { 'x-request-id': 'trace-1' } });
    expect(reply.headers.get('x-request-id')).toBe('trace-1');
    expect(reply.meta.requestId).toBe('trace-1');
    const last = { from: 'end' as const, direction: 'backwards' as const, limit: 1 };
    for await (const stored of store.readStream(`ledger-${ledger}`, last)) {
      expect(decode(stored).metadata).toMatchObject({
        actor: 'operator@test',
        requestId: 'trace-1',
        $correlationId: 'trace-1',
        clientAddress: '127.0.0.1',
      });
    }
    expect.assertions(3);
  });
});

describe('a refusal', () => {
  it('is recorded, and answered with its evidence', async () => {
    await post(leg('10'));
    const reply = await post({ ...spend('10.01'), id: 'too-much' });
    expect(reply.status).toBe(422);
    expect(reply.error).toMatchObject({ code: 'INSUFFICIENT_FUNDS', number: 'DBK-2001' });
    expect(reply.meta.revision).toBe(4);
    expect(reply.error.details['evidence']).toMatchObject({
      revision: 3,
      accounts: [{ account: 'cash', balance: '10.00', overdraftLimit: '0.00', change: '-10.01' }],
    });
  });

  it('stays one when the money comes later', async () => {
    const refused = await post({ ...spend('1'), id: 'early' });
    await post(leg('10'));
    const again = await post({ ...spend('1'), id: 'early' });
    expect(again.status).toBe(422);
    expect(again.error).toEqual(refused.error);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('names a balance limit', async () => {
    await open({ address: 'jar', type: 'asset', balanceLimit: '5' });
    const reply = await post({ ...leg('5.01'), debit: 'jar' });
    expect(`${reply.status} ${reply.error.code}`).toBe('422 BALANCE_LIMIT_EXCEEDED');
  });
});

describe('the same transfer again', () => {
  it('is answered with the same bytes, and moves nothing', async () => {
    const first = await post({ ...leg('3'), id: 'once', description: 'Ünïcode' });
    const again = await post({ ...leg('3.00'), id: 'once', description: 'Ünïcode' }, {}, other);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const dataOf = (text: string) => text.slice(0, text.indexOf(',"meta":{"requestId"'));
    expect(dataOf(again.text)).toBe(dataOf(first.text));
    expect((await open({ address: 'cash', type: 'asset' })).data.balance).toBe('3.00');
  });

  it('is known by its Idempotency-Key, for this ledger only', async () => {
    const headers = { 'idempotency-key': 'order 4711' };
    const first = await post(leg('3'), { headers });
    const again = await post(leg('3'), { headers });
    expect(again.data).toEqual(first.data);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const elsewhere = `${ledger}-other`;
    await ask('POST', '/v1/ledgers', { body: { id: elsewhere, name: 'Other' } });
    ledger = elsewhere;
    await open({ address: 'world', type: 'equity', overdraftLimit: null });
    await open({ address: 'cash', type: 'asset' });
    const there = await post(leg('3'), { headers });
    expect(there.data.id).not.toBe(first.data.id);
  });

  it('with a difference is a conflict that names the field as the caller wrote it', async () => {
    await post({ ...leg('3'), id: 'once' });
    const one = await post({ ...leg('4'), id: 'once', reference: 'new' });
    expect(`${one.status} ${one.error.code}`).toBe('409 TRANSFER_ID_REUSED');
    expect(one.error.details.fields?.map(({ field }) => field)).toEqual(['amount', 'reference']);
    const several = await post({ legs: [leg('4')], id: 'once' });
    expect(several.error.details.fields?.map(({ field }) => field)).toEqual(['legs[0].amount']);
  });

  it('sent 50 times at once to two processes posts once and answers the same 50 times', async () => {
    const id = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post({ ...leg('7'), id }, {}, n % 2 ? ask : other)),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    const fresh = replies.filter(({ headers }) => !headers.has('idempotency-replayed'));
    expect(fresh).toHaveLength(1);
    expect((await open({ address: 'cash', type: 'asset' })).data.balance).toBe('7.00');
  });
});

describe('two processes on one ledger', () => {
  it('post exactly 100 of 200 transfers of 1.00 from an account that holds 100.00', async () => {
    await post(leg('100'));
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, n) => post(spend('1.00'), {}, n % 2 ? ask : other)),
    );
    const outcomes = replies.map(({ status, error }) => (status === 201 ? 'POSTED' : error.code));
    expect(outcomes.filter((outcome) => outcome === 'POSTED')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === 'INSUFFICIENT_FUNDS')).toHaveLength(100);
    expect((await open({ address: 'cash', type: 'asset' })).data.balance).toBe('0.00');
  });
});

describe('roles', () => {
  it('let operators open accounts and post in the ledgers that their token names', async () => {
    const token = tokenFor('operator', [ledger]);
    const body = { address: 'mine', type: 'asset', currency: 'EUR' };
    const opened = await ask('POST', `/v1/ledgers/${ledger}/accounts`, { body, token });
    expect(opened.status).toBe(201);
    expect((await post(leg('1'), { token })).status).toBe(201);
  });

  it('let administrators reach ledgers that their token does not name', async () => {
    expect((await post(leg('1'), { token: tokenFor('admin', []) })).status).toBe(201);
  });
});
