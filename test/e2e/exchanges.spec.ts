// Exchanges over HTTP: two API processes on one log.
import { type TransferAnswer } from '../../src/commands/post-transfer/transfer-answer.js';
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
  ledger = `exchanges-${count}`;
  await openShop(apis.ask, ledger, { rules: { uniqueReferences: true } });
  const accounts = [
    { address: 'alice:jpy', type: 'liability', currency: 'JPY' },
    { address: 'fx:eur', type: 'equity', currency: 'EUR', overdraftLimit: null },
    { address: 'fx:jpy', type: 'equity', currency: 'JPY', overdraftLimit: null },
    { address: 'fx:rest', type: 'income', currency: 'JPY', overdraftLimit: null },
  ];
  for (const body of accounts) {
    await apis.ask('POST', `/v1/ledgers/${ledger}/accounts`, { body });
  }
});

const GOOD = {
  ...{ from: 'alice', to: 'alice:jpy', via: { sell: 'fx:eur', buy: 'fx:jpy' } },
  ...{ rate: '163.25', rounding: { account: 'fx:rest' } },
};
const exchange = (body: object, client = apis.ask, headers = {}) =>
  client<TransferAnswer>('POST', `/v1/ledgers/${ledger}/exchanges`, {
    body: { ...GOOD, ...body },
    headers,
  });
const account = (address: string) => moneyOf(apis.ask, ledger, address);

describe('exchanging money', () => {
  it('sells an amount at the rate, in one transfer through the liquidity accounts', async () => {
    const reply = await exchange({
      ...{ id: 'holiday', sell: '10', source: 'ECB', reference: 'FX-1', description: 'Holiday' },
      ...{ metadata: { desk: 'retail' }, effectiveAt: '2026-01-15T10:30:00+01:00' },
    });
    expect(outcomeOf(reply)).toBe('201');
    expect(reply.data).toEqual({
      ...{ id: 'holiday', state: 'posted', reference: 'FX-1', description: 'Holiday' },
      ...{ metadata: { desk: 'retail' }, effectiveAt: '2026-01-15T09:30:00.000Z', revision: 10 },
      recordedAt: expect.stringMatching(/Z$/) as unknown,
      legs: [
        { debit: 'alice', credit: 'fx:eur', amount: '10.00', currency: 'EUR' },
        { debit: 'fx:jpy', credit: 'alice:jpy', amount: '1632', currency: 'JPY' },
      ],
      exchange: {
        ...{ from: 'alice', to: 'alice:jpy', via: { sell: 'fx:eur', buy: 'fx:jpy' } },
        ...{ given: 'sell', rate: '163.25', source: 'ECB' },
        sell: { amount: '10.00', currency: 'EUR' },
        buy: { amount: '1632', currency: 'JPY' },
        rounding: { mode: 'half-even', account: 'fx:rest' },
        remainder: { exact: '0.5', posted: '0', carried: '0.5' },
      },
      balances: [
        { account: 'alice', currency: 'EUR', version: 3, balance: '90.00', available: '90.00' },
        { account: 'fx:eur', currency: 'EUR', version: 2, balance: '10.00', available: '10.00' },
        { account: 'fx:jpy', currency: 'JPY', version: 2, balance: '-1632', available: '-1632' },
        { account: 'alice:jpy', currency: 'JPY', version: 2, balance: '1632', available: '1632' },
      ],
    });
    expect(reply.meta.revision).toBe(10);
    expect(await account('alice:jpy')).toMatch(/^1632 posted/);
  });

  it('buys an amount, rounded as asked', async () => {
    const reply = await exchange({ buy: '1000', rounding: { mode: 'up', account: 'fx:rest' } });
    expect(reply.data.exchange).toMatchObject({
      ...{ given: 'buy', sell: { amount: '6.13' }, buy: { amount: '1000' } },
      remainder: { exact: '0.7225', posted: '0', carried: '0.7225' },
    });
  });

  it('posts what roundings left as soon as it is a whole smallest unit', async () => {
    await exchange({ sell: '10' });
    const reply = await exchange({ sell: '10' });
    expect(reply.data.exchange?.remainder).toEqual({ exact: '0.5', posted: '1', carried: '0' });
    expect(reply.data.legs[2]).toEqual({
      ...{ debit: 'fx:jpy', credit: 'fx:rest', amount: '1', currency: 'JPY' },
    });
    expect(await account('fx:rest')).toMatch(/^1 posted/);
  });

  it('is refused for the same reasons as other transfers, with the evidence', async () => {
    const poor = await exchange({ id: 'poor', sell: '100.01' });
    expect(outcomeOf(poor)).toBe('422 INSUFFICIENT_FUNDS');
    expect(poor.error.details).toMatchObject({
      transferId: 'poor',
      evidence: { accounts: [{ account: 'alice', balance: '100.00', change: '-100.01' }] },
    });
    const conditions = [{ account: 'alice:jpy', balance: { gte: '1' } }];
    expect(outcomeOf(await exchange({ sell: '1', conditions }))).toBe('412 CONDITIONS_NOT_MET');
    await exchange({ sell: '1', reference: 'FX-1' });
    expect(outcomeOf(await exchange({ sell: '1', reference: 'FX-1' }))).toMatch(/REFERENCE_TAKEN$/);
  });

  it('is turned away when an amount would be nothing', async () => {
    const reply = await exchange({ sell: '0.01', rate: '0.001' });
    expect(differenceOf(reply)).toBe('400 INVALID_AMOUNT: sell');
  });
});

describe('an exchange sent again', () => {
  it('is answered the same, to the byte, by any process, for ever', async () => {
    const first = await exchange({ id: 'one', sell: '10' });
    await exchange({ sell: '10' });
    for (const client of [apis.ask, apis.other]) {
      const again = await exchange({ id: 'one', sell: '10.0' }, client);
      expect([answered(again), isReplayed(again)]).toEqual([answered(first), true]);
    }
    const refused = await exchange({ id: 'two', sell: '500' });
    await apis.restart();
    const again = await exchange({ id: 'one', sell: '10' });
    expect([answered(again), isReplayed(again)]).toEqual([answered(first), true]);
    const refusedAgain = await exchange({ id: 'two', sell: '500' }, apis.other);
    expect([answered(refusedAgain), isReplayed(refusedAgain)]).toEqual([answered(refused), true]);
  }, 60_000);

  it('under the same key is the same', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await exchange({ sell: '10' }, apis.ask, key);
    const again = await exchange({ sell: '10' }, apis.other, key);
    expect([answered(again), isReplayed(again)]).toEqual([answered(first), true]);
  });

  it.each([
    ['from', { from: 'bob' }],
    ['to', { to: 'fx:jpy' }],
    ['via', { via: { sell: 'world', buy: 'fx:jpy' } }],
    ['rate', { rate: '163.26' }],
    ['source', { source: 'desk' }],
    ['rounding', { rounding: { mode: 'up', account: 'fx:rest' } }],
    ['sell', { sell: '11' }],
    ['buy', { sell: undefined, buy: '1632' }],
    ['effectiveAt', { effectiveAt: '2026-01-01T00:00:00Z' }],
    ['reference', { reference: 'R' }],
    ['description', { description: 'Other' }],
    ['metadata.a', { metadata: { a: '1' } }],
    ['conditions', { conditions: [{ account: 'bob', version: 1 }] }],
  ])('with another %s is told so', async (field, change) => {
    await exchange({ id: 'one', sell: '10' });
    const other = await exchange({ id: 'one', sell: '10', ...change });
    expect(differenceOf(other)).toBe(`409 TRANSFER_ID_REUSED: ${field}`);
  });

  it('as another kind of request is told so', async () => {
    await exchange({ id: 'one', sell: '10' });
    const body = { id: 'one', debit: 'alice', credit: 'bob', amount: '1', currency: 'EUR' };
    const transfer = await apis.ask('POST', `/v1/ledgers/${ledger}/transfers`, { body });
    expect(differenceOf(transfer)).toBe('409 TRANSFER_ID_REUSED: type');
  });
});
