// Reversals over HTTP: two API processes on one log.
import { type CaptureAnswer } from '../../src/commands/capture-transfer/capture-answer.js';
import { type TransferAnswer } from '../../src/commands/post-transfer/transfer-answer.js';
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
  ledger = `reversals-${count}`;
  await openShop(apis.ask, ledger);
});

const transfers = () => `/v1/ledgers/${ledger}/transfers`;
const post = (body: object, client = apis.ask) =>
  client<TransferAnswer>('POST', transfers(), { body });
const pay = (amount: string, body: object = {}) =>
  post({ id: 'sale', debit: 'alice', credit: 'bob', amount, currency: 'EUR', ...body });
const payWithFee = () =>
  post({
    id: 'sale',
    legs: [
      { debit: 'alice', credit: 'bob', amount: '50', currency: 'EUR' },
      { debit: 'alice', credit: 'fees', amount: '2', currency: 'EUR' },
    ],
  });
const reverse = (body: object, client = apis.ask, id = 'sale') =>
  client<TransferAnswer>('POST', `${transfers()}/${id}/reverse`, {
    body: { reason: 'returned', ...body },
  });
const account = (address: string) => moneyOf(apis.ask, ledger, address);

describe('reversing', () => {
  it('all of a transfer posts it the other way round', async () => {
    await pay('50', { reference: 'INV-1' });
    const reply = await reverse({ id: 'refund', description: 'Sorry', metadata: { rma: '7' } });
    expect(outcomeOf(reply)).toBe('201');
    expect(reply.data).toEqual({
      ...{ id: 'refund', state: 'posted', revision: 7, reference: null, description: 'Sorry' },
      legs: [{ debit: 'bob', credit: 'alice', amount: '50.00', currency: 'EUR' }],
      metadata: { rma: '7' },
      effectiveAt: reply.data.recordedAt,
      recordedAt: expect.stringMatching(/Z$/) as unknown,
      reverses: { transfer: 'sale', parts: null, legs: [0], reason: 'returned' },
      totals: [{ held: '0.00', posted: '50.00', reversed: '50.00' }],
      balances: [
        { account: 'bob', currency: 'EUR', version: 3, balance: '0.00', available: '0.00' },
        { account: 'alice', currency: 'EUR', version: 4, balance: '100.00', available: '100.00' },
      ],
    });
  });

  it('in parts goes on until nothing is left', async () => {
    await pay('50');
    const first = await reverse({ amount: '20' });
    expect(first.data).toMatchObject({
      reverses: { parts: [{ leg: 0, amount: '20.00' }] },
      totals: [{ posted: '50.00', reversed: '20.00' }],
    });
    const much = await reverse({ id: 'much', amount: '30.01' });
    expect(outcomeOf(much)).toBe('422 AMOUNT_EXCEEDS_POSTED');
    expect(much.error.details).toMatchObject({
      transferId: 'much',
      evidence: {
        transfer: { transfer: 'sale', totals: [{ posted: '50.00', reversed: '20.00' }] },
      },
    });
    expect((await reverse({})).data).toMatchObject({ legs: [{ amount: '30.00' }] });
    expect(outcomeOf(await reverse({}))).toBe('422 AMOUNT_EXCEEDS_POSTED');
    expect(await account('alice')).toBe('100.00 posted, 100.00 available, holds 0.00 / 0.00');
  });

  it('takes parts of several legs by their numbers', async () => {
    await payWithFee();
    const fee = await reverse({ parts: [{ leg: 1, amount: '1.5' }] });
    expect(fee.data).toMatchObject({
      legs: [{ debit: 'fees', credit: 'alice', amount: '1.50' }],
      reverses: { parts: [{ leg: 1, amount: '1.50' }], legs: [1] },
      totals: [
        { posted: '50.00', reversed: '0.00' },
        { posted: '2.00', reversed: '1.50' },
      ],
    });
    expect(differenceOf(await reverse({ amount: '1' }))).toBe('400 INVALID_TRANSFER: amount');
    const rest = await reverse({});
    expect(rest.data.reverses?.legs).toEqual([0, 1]);
    expect(rest.data.legs.map(({ amount }) => amount)).toEqual(['50.00', '0.50']);
  });

  it('reaches what a capture posted, and no more', async () => {
    await pay('50', { pending: {} });
    expect(outcomeOf(await reverse({}))).toBe('422 TRANSFER_NOT_REVERSIBLE');
    const capture = { body: { amount: '10' } };
    await apis.ask<CaptureAnswer>('POST', `${transfers()}/sale/capture`, capture);
    expect(outcomeOf(await reverse({ amount: '10.01' }))).toBe('422 AMOUNT_EXCEEDS_POSTED');
    expect((await reverse({})).data).toMatchObject({
      legs: [{ amount: '10.00' }],
      totals: [{ held: '40.00', posted: '10.00', reversed: '10.00' }],
    });
  });

  it('is refused for a reversal, and for what was refused', async () => {
    await pay('50');
    await reverse({ id: 'refund' });
    const twice = await reverse({}, apis.ask, 'refund');
    expect(outcomeOf(twice)).toBe('422 TRANSFER_NOT_REVERSIBLE');
    expect(twice.error.details).toMatchObject({
      evidence: { transfer: { transfer: 'refund', isReversal: true } },
    });
    await pay('1000', { id: 'too-much' });
    expect(outcomeOf(await reverse({}, apis.ask, 'too-much'))).toBe('422 TRANSFER_NOT_REVERSIBLE');
    expect(outcomeOf(await reverse({}, apis.ask, 'nothing'))).toBe('404 TRANSFER_NOT_FOUND');
  });

  it('keeps to the rules of the accounts', async () => {
    await pay('50');
    await post({ debit: 'bob', credit: 'world', amount: '20', currency: 'EUR' });
    const refused = await reverse({ id: 'r' });
    expect(outcomeOf(refused)).toBe('422 INSUFFICIENT_FUNDS');
    expect(refused.error.details).toMatchObject({
      transferId: 'r',
      evidence: { accounts: [{ account: 'bob', balance: '30.00', change: '-50.00' }] },
    });
    expect(outcomeOf(await reverse({ amount: '30' }))).toBe('201');
  });
});

describe('the same request again', () => {
  it('gets the recorded answer, on both processes and after a restart of both', async () => {
    await payWithFee();
    const requests = [
      (client = apis.ask) => reverse({ id: 'r1', parts: [{ leg: 0, amount: '5' }] }, client),
      (client = apis.ask) => reverse({ id: 'r2', parts: [{ leg: 0, amount: '46' }] }, client),
      (client = apis.ask) => reverse({ id: 'r3', metadata: { 1: 'a', b: '2' } }, client),
      (client = apis.ask) => reverse({ id: 'r4' }, client),
    ];
    const first: Reply<unknown>[] = [];
    for (const request of requests) first.push(await request());
    expect(first.map(outcomeOf)).toEqual([
      ...['201', '422 AMOUNT_EXCEEDS_POSTED', '201', '422 AMOUNT_EXCEEDS_POSTED'],
    ]);
    const repeated = async () => {
      const replies: Reply<unknown>[] = [];
      for (const request of requests) replies.push(await request(apis.other));
      expect(replies.every(isReplayed)).toBe(true);
      expect(replies.map(answered)).toEqual(first.map(answered));
    };
    await repeated();
    await apis.restart();
    await repeated();
  }, 60_000);

  it('but different is told the fields, or the kind', async () => {
    await pay('50');
    await post({ id: 'other', debit: 'alice', credit: 'bob', amount: '1', currency: 'EUR' });
    await reverse({ id: 'r', amount: '5' });
    const told = [
      await reverse({ id: 'r', amount: '6', reason: 'broken' }),
      await reverse({ id: 'r' }),
      await reverse({ id: 'r', amount: '5', effectiveAt: '2026-01-01T00:00:00Z' }),
      await reverse({ id: 'r', amount: '5' }, apis.ask, 'other'),
      await reverse({ id: 'sale' }),
      await pay('5', { id: 'r' }),
    ];
    expect(told.map(differenceOf)).toEqual([
      '409 TRANSFER_ID_REUSED: amount,reason',
      '409 TRANSFER_ID_REUSED: parts',
      '409 TRANSFER_ID_REUSED: effectiveAt',
      ...['transfer', 'type', 'type'].map((field) => `409 TRANSFER_ID_REUSED: ${field}`),
    ]);
    expect(told.at(-1)?.error.message).toMatch(/^Under this id a reversal was recorded/);
  });
});

describe('many at once', () => {
  it('with the same id: one is decided, all get its answer', async () => {
    await pay('50');
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        reverse({ id: 'r', amount: '20' }, n % 2 ? apis.ask : apis.other),
      ),
    );
    expect(new Set(replies.map(answered)).size).toBe(1);
    expect(replies.filter((reply) => !isReplayed(reply))).toHaveLength(1);
    expect(await account('bob')).toContain('30.00 posted');
  });

  it('never reverse more than was posted', async () => {
    await pay('50');
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        reverse({ id: `r${n}`, amount: '20' }, n % 2 ? apis.ask : apis.other),
      ),
    );
    expect(replies.map(outcomeOf).sort()).toEqual([
      ...['201', '201'],
      ...Array.from({ length: 10 }, () => '422 AMOUNT_EXCEEDS_POSTED'),
    ]);
    expect(await account('bob')).toContain('10.00 posted');
  });
});
