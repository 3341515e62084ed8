// The life of pending transfers over HTTP: two API processes on one log.
import { type CaptureAnswer } from '../../src/commands/capture-transfer/capture-answer.js';
import { type TransferAnswer } from '../../src/commands/post-transfer/transfer-answer.js';
import { type VoidAnswer } from '../../src/commands/void-transfer/void-answer.js';
import { type Reply } from '../support/api.js';
import {
  answered,
  differenceOf,
  isReplayed,
  moneyOf,
  openShop,
  outcomeOf,
  twoApisOnOneLog,
} from '../support/two-apis.js';

const apis = twoApisOnOneLog();
let ledger: string;
let count = 0;

beforeEach(async () => {
  count += 1;
  ledger = `pending-${count}`;
  await openShop(apis.ask, ledger);
});

const transfers = () => `/v1/ledgers/${ledger}/transfers`;
const post = (body: object, client = apis.ask) =>
  client<TransferAnswer>('POST', transfers(), { body });
const hold = (amount: string, body: object = {}, client = apis.ask) =>
  post(
    { id: 'hold', debit: 'alice', credit: 'bob', amount, currency: 'EUR', pending: {}, ...body },
    client,
  );
const toTwo = (bob: string, fees: string) =>
  post({
    id: 'hold',
    legs: [
      { debit: 'alice', credit: 'bob', amount: bob, currency: 'EUR' },
      { debit: 'alice', credit: 'fees', amount: fees, currency: 'EUR' },
    ],
    pending: {},
  });
const capture = (body: object, client = apis.ask) =>
  client<CaptureAnswer>('POST', `${transfers()}/hold/capture`, { body });
const release = (body: object, client = apis.ask) =>
  client<VoidAnswer>('POST', `${transfers()}/hold/void`, { body: { reason: 'sold out', ...body } });
const account = (address: string) => moneyOf(apis.ask, ledger, address);

describe('a pending transfer', () => {
  it('is answered as pending, and holds its amount on both sides', async () => {
    const reply = await hold('60', { pending: { expiresAt: '2999-01-01T01:00:00+01:00' } });
    expect(outcomeOf(reply)).toBe('201');
    expect(reply.data).toMatchObject({
      ...{ id: 'hold', state: 'pending', pending: { expiresAt: '2999-01-01T00:00:00.000Z' } },
      balances: [
        { account: 'alice', version: 3, balance: '100.00', available: '40.00' },
        { account: 'bob', version: 2, balance: '0.00', available: '0.00' },
      ],
    });
    expect(await account('alice')).toBe('100.00 posted, 40.00 available, holds 60.00 / 0.00');
    expect(await account('bob')).toBe('0.00 posted, 0.00 available, holds 0.00 / 60.00');
  });

  it('takes null and absence of expiresAt as without end, and of pending as posted', async () => {
    const open = [
      await hold('1', { id: 'a' }),
      await hold('1', { id: 'b', pending: { expiresAt: null } }),
    ];
    expect(open.map(({ data }) => data.pending)).toEqual([
      { expiresAt: null },
      { expiresAt: null },
    ]);
    const posted = await hold('1', { id: 'c', pending: null });
    expect(posted.data.state).toBe('posted');
    expect(posted.text).not.toContain('pending"');
  });

  it('leaves to others only what it does not hold', async () => {
    await hold('60');
    const refused = await hold('40.01', { id: 'another' });
    expect(outcomeOf(refused)).toBe('422 INSUFFICIENT_FUNDS');
    expect(outcomeOf(await hold('40', { id: 'third' }))).toBe('201');
  });

  it('that would be over before it is recorded is refused', async () => {
    const late = await hold('1', { pending: { expiresAt: '2020-01-01T00:00:00Z' } });
    expect(outcomeOf(late)).toBe('422 TRANSFER_EXPIRED');
    expect(late.error.details).toMatchObject({ transferId: 'hold', evidence: { revision: 5 } });
  });

  it('cannot be captured any more once it is over', async () => {
    const expiresAt = new Date(Date.now() + 3_000).toISOString();
    expect(outcomeOf(await hold('1', { pending: { expiresAt } }))).toBe('201');
    while (new Date().toISOString() <= expiresAt) await new Promise((go) => setTimeout(go, 100));
    const late = await capture({ id: 'late' });
    // Whether the log tells already that it expired, or will.
    expect(outcomeOf(late)).toBe('422 TRANSFER_EXPIRED');
    expect(answered(await capture({ id: 'late' }, apis.other))).toBe(answered(late));
    expect(await account('bob')).toContain('0.00 posted');
  }, 30_000);
});

describe('capturing', () => {
  it('all of it posts it', async () => {
    await hold('60');
    const reply = await capture({ id: 'c', description: 'sent', metadata: { parcel: '1' } });
    expect(outcomeOf(reply)).toBe('201');
    expect(reply.data).toMatchObject({
      ...{ id: 'c', transfer: 'hold', state: 'posted', parts: null, final: false, revision: 7 },
      ...{ description: 'sent', metadata: { parcel: '1' }, released: [] },
      legs: [{ leg: 0, debit: 'alice', credit: 'bob', amount: '60.00', currency: 'EUR' }],
      totals: [{ held: '0.00', posted: '60.00', reversed: '0.00' }],
      balances: [
        { account: 'alice', version: 4, balance: '40.00', available: '40.00' },
        { account: 'bob', version: 3, balance: '60.00', available: '60.00' },
      ],
    });
    expect(reply.meta.revision).toBe(7);
    expect(await account('bob')).toBe('60.00 posted, 60.00 available, holds 0.00 / 0.00');
  });

  it('in parts posts each, and the final one releases the rest', async () => {
    await hold('60');
    const first = await capture({ amount: '10' });
    expect(first.data).toMatchObject({ state: 'pending', parts: [{ leg: 0, amount: '10.00' }] });
    expect(first.data.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await account('alice')).toBe('90.00 posted, 40.00 available, holds 50.00 / 0.00');
    const last = await capture({ amount: '30.5', final: true });
    expect(last.data).toMatchObject({
      ...{ state: 'posted', final: true, released: [{ leg: 0, amount: '19.50' }] },
      totals: [{ held: '0.00', posted: '40.50', reversed: '0.00' }],
    });
    expect(await account('alice')).toBe('59.50 posted, 59.50 available, holds 0.00 / 0.00');
  });

  it('of several legs takes parts by their numbers', async () => {
    await toTwo('50', '2');
    const reply = await capture({ parts: [{ leg: 1, amount: '0.5' }] });
    expect(reply.data).toMatchObject({
      ...{ state: 'pending', parts: [{ leg: 1, amount: '0.50' }], legs: [{ leg: 1 }] },
      totals: [
        { held: '50.00', posted: '0.00' },
        { held: '1.50', posted: '0.50' },
      ],
    });
    const rest = await capture({});
    expect(rest.data.legs.map(({ leg, amount }) => `${leg}: ${amount}`)).toEqual([
      '0: 50.00',
      '1: 1.50',
    ]);
  });

  it('is refused for more than is held, for good', async () => {
    await hold('60');
    const refused = await capture({ id: 'c', amount: '60.01' });
    expect(outcomeOf(refused)).toBe('422 AMOUNT_EXCEEDS_HELD');
    expect(refused.error.details).toEqual({
      ...{ captureId: 'c', transferId: 'hold', recordedAt: expect.any(String) as unknown },
      evidence: {
        ...{ revision: 6, accounts: [] },
        transfer: {
          ...{ transfer: 'hold', state: 'pending', expiresAt: null, isReversal: false },
          totals: [{ held: '60.00', posted: '0.00', reversed: '0.00' }],
        },
      },
    });
    await capture({ id: 'd', amount: '1' });
    const again = await capture({ id: 'c', amount: '60.010' }, apis.other);
    expect(answered(again)).toBe(answered(refused));
    expect(isReplayed(again)).toBe(true);
  });

  it('is refused when there is nothing to capture', async () => {
    const posted = await hold('1', { pending: null });
    expect(outcomeOf(posted)).toBe('201');
    expect(outcomeOf(await capture({}))).toBe('422 TRANSFER_NOT_PENDING');
  });

  it('is refused on a frozen account, and made under a new id once it is not', async () => {
    await hold('60');
    const bob = (act: string) =>
      apis.ask('POST', `/v1/ledgers/${ledger}/accounts/bob/${act}`, { body: { reason: 'why' } });
    await bob('freeze');
    expect(outcomeOf(await capture({ id: 'c' }))).toBe('422 ACCOUNT_FROZEN');
    await bob('unfreeze');
    expect(outcomeOf(await capture({ id: 'c' }))).toBe('422 ACCOUNT_FROZEN');
    expect(outcomeOf(await capture({ id: 'd' }))).toBe('201');
  });

  it('needs a transfer that is there, and parts that it has', async () => {
    expect(outcomeOf(await capture({}))).toBe('404 TRANSFER_NOT_FOUND');
    await toTwo('50', '2');
    const unfit = async (body: object) => differenceOf(await capture(body));
    expect(await unfit({ amount: '1' })).toBe('400 INVALID_TRANSFER: amount');
    expect(await unfit({ parts: [{ leg: 2, amount: '1' }] })).toBe(
      '400 INVALID_TRANSFER: parts[0].leg',
    );
    const twice = [
      { leg: 0, amount: '1' },
      { leg: 0, amount: '2' },
    ];
    expect(await unfit({ parts: twice })).toBe('400 INVALID_TRANSFER: parts[1].leg');
    expect(await unfit({ parts: [{ leg: 0, amount: '1.001' }] })).toBe(
      '400 INVALID_AMOUNT: parts[0].amount',
    );
    expect(await unfit({ amount: '1', parts: twice.slice(1) })).toBe(
      '400 INVALID_TRANSFER: amount',
    );
    const act = await apis.ask('GET', `/v1/ledgers/${ledger}/events?direction=backwards&limit=1`);
    expect(act.data).toMatchObject([{ type: 'TransferHeld' }]);
  });
});

describe('voiding', () => {
  it('releases what is held', async () => {
    await hold('60');
    const reply = await release({ id: 'v' });
    expect(outcomeOf(reply)).toBe('201');
    expect(reply.data).toMatchObject({
      ...{ id: 'v', transfer: 'hold', state: 'voided', parts: null, reason: 'sold out' },
      released: [{ leg: 0, debit: 'alice', credit: 'bob', amount: '60.00', currency: 'EUR' }],
      totals: [{ held: '0.00', posted: '0.00', reversed: '0.00' }],
      balances: [{ account: 'alice', available: '100.00' }, { account: 'bob' }],
    });
    expect(await account('alice')).toBe('100.00 posted, 100.00 available, holds 0.00 / 0.00');
    expect(outcomeOf(await capture({}))).toBe('422 TRANSFER_NOT_PENDING');
    const refused = await release({ id: 'w' });
    expect(outcomeOf(refused)).toBe('422 TRANSFER_NOT_PENDING');
    expect(refused.error.details).toMatchObject({ voidId: 'w', transferId: 'hold' });
  });

  it('in part leaves the rest, to be captured or voided', async () => {
    await hold('60');
    expect((await release({ amount: '20' })).data).toMatchObject({ state: 'pending' });
    expect(outcomeOf(await release({ amount: '40.01' }))).toBe('422 AMOUNT_EXCEEDS_HELD');
    await capture({ amount: '10' });
    const rest = await release({ parts: [{ leg: 0, amount: '30' }] });
    expect(rest.data).toMatchObject({ state: 'posted', totals: [{ posted: '10.00' }] });
    expect(await account('alice')).toBe('90.00 posted, 90.00 available, holds 0.00 / 0.00');
  });
});

describe('the same request again', () => {
  it('gets the recorded answer, on both processes and after a restart of both', async () => {
    const requests = [
      (client = apis.ask) => hold('60', {}, client),
      (client = apis.ask) =>
        capture({ id: 'c1', amount: '10', metadata: { b: '1', a: '2' } }, client),
      (client = apis.ask) => capture({ id: 'c2', amount: '51' }, client),
      (client = apis.ask) => release({ id: 'v1', amount: '20' }, client),
      (client = apis.ask) => release({ id: 'v2', amount: '31' }, client),
      (client = apis.ask) => capture({ id: 'c3', final: true }, client),
      (client = apis.ask) => hold('61', { id: 'second' }, client),
    ];
    const first: Reply<unknown>[] = [];
    for (const request of requests) first.push(await request());
    const money = await account('alice');
    expect(first.map(outcomeOf)).toEqual([
      ...['201', '201', '422 AMOUNT_EXCEEDS_HELD', '201', '422 AMOUNT_EXCEEDS_HELD', '201'],
      '422 INSUFFICIENT_FUNDS',
    ]);
    expect(first.some(isReplayed)).toBe(false);
    const repeated = async () => {
      const replies: Reply<unknown>[] = [];
      for (const request of requests) replies.push(await request(apis.other), await request());
      expect(replies.every(isReplayed)).toBe(true);
      expect(replies.map(answered)).toEqual(
        first.flatMap((reply) => [answered(reply), answered(reply)]),
      );
    };
    await repeated();
    await apis.restart();
    await repeated();
    expect(await account('alice')).toBe(money);
  }, 60_000);

  it('but different is told the fields', async () => {
    await hold('60');
    await capture({ id: 'c', amount: '10', description: 'one' });
    await release({ id: 'v', amount: '10' });
    const told = [
      await capture({ id: 'c', amount: '11', description: 'one' }),
      await capture({ id: 'c', amount: '10', final: true, metadata: { a: '1' } }),
      await capture({ id: 'c', parts: [{ leg: 0, amount: '10.0' }], description: 'two' }),
      await release({ id: 'v', reason: 'another' }),
      await hold('60', { pending: { expiresAt: '2999-01-01T00:00:00Z' } }),
      await hold('60', { pending: null }),
    ];
    expect(told.map(differenceOf)).toEqual([
      '409 TRANSFER_ID_REUSED: amount',
      '409 TRANSFER_ID_REUSED: final,description,metadata.a',
      '409 TRANSFER_ID_REUSED: description',
      '409 TRANSFER_ID_REUSED: parts,reason',
      '409 TRANSFER_ID_REUSED: pending',
      '409 TRANSFER_ID_REUSED: pending',
    ]);
  });

  it('under an id of another kind is told which kind that was', async () => {
    await hold('60');
    await capture({ id: 'c', amount: '10' });
    const told = [
      await capture({ id: 'hold' }),
      await hold('1', { id: 'c' }),
      await release({ id: 'c', amount: '10' }),
    ];
    expect(told.map(differenceOf)).toEqual(Array.from(told, () => '409 TRANSFER_ID_REUSED: type'));
    expect(told.map(({ error }) => error.message.slice(0, 40))).toEqual([
      'Under this id a transfer was recorded, w',
      'Under this id a capture was recorded, wh',
      'Under this id a capture was recorded, wh',
    ]);
  });

  it('is known by its Idempotency-Key, which serves for one kind of request', async () => {
    const headers = { 'idempotency-key': 'order 1' };
    const body = { debit: 'alice', credit: 'bob', amount: '60', currency: 'EUR', pending: {} };
    const held = await apis.ask<TransferAnswer>('POST', transfers(), { body, headers });
    const path = `${transfers()}/${held.data.id}/capture`;
    const taken = await apis.ask('POST', path, { body: {}, headers });
    expect(differenceOf(taken)).toBe('409 TRANSFER_ID_REUSED: type');
    const withKey = { body: { amount: '5' }, headers: { 'idempotency-key': 'order 1, parcel 1' } };
    const first = await apis.ask('POST', path, withKey);
    expect(outcomeOf(first)).toBe('201');
    expect(answered(await apis.other('POST', path, withKey))).toBe(answered(first));
  });
});

describe('many requests at once', () => {
  it('with the same id: one is decided, all get its answer', async () => {
    await hold('60');
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        capture({ id: 'c', amount: '50' }, n % 2 ? apis.ask : apis.other),
      ),
    );
    expect(new Set(replies.map(answered)).size).toBe(1);
    expect(replies.filter((reply) => !isReplayed(reply))).toHaveLength(1);
    expect(await account('bob')).toBe('50.00 posted, 50.00 available, holds 0.00 / 10.00');
  });

  it('capturing or voiding all of it: one of them does', async () => {
    await hold('60');
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) => {
        const client = n % 4 < 2 ? apis.ask : apis.other;
        return n % 2 ? capture({ id: `c${n}` }, client) : release({ id: `v${n}` }, client);
      }),
    );
    const outcomes = replies.map(outcomeOf).sort();
    expect(outcomes).toEqual([
      '201',
      ...Array.from({ length: 9 }, () => '422 TRANSFER_NOT_PENDING'),
    ]);
    expect(await account('alice')).toMatch(/^(100|40).00 posted, \1.00 available, holds 0.00/);
  });
});
