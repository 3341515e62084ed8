// Batches over HTTP, atomic and not: two API processes on one log.
import { type BatchAnswer } from '../../src/commands/post-batch/batch-answer.js';
import { type OutcomeAnswer } from '../../src/commands/post-batch/outcome-answers.js';
import { type Client } from '../support/api.js';
import {
  answered,
  differenceOf,
  isReplayed,
  moneyOf,
  openShop,
  outcomeOf,
  twoApisOnOneLog,
} from '../support/two-apis.js';

const TRANSFERS_MAX = 1_000;
const apis = twoApisOnOneLog();
let ledger: string;
let count = 0;

beforeEach(async () => {
  count += 1;
  ledger = `batches-${count}`;
  await openShop(apis.ask, ledger);
});

const url = () => `/v1/ledgers/${ledger}/transfers`;
const atomic = (transfers: readonly object[], body: object = {}, client: Client = apis.ask) =>
  client<BatchAnswer>('POST', `${url()}/batch`, { body: { atomic: true, transfers, ...body } });
const each = (transfers: readonly object[], client: Client = apis.ask, headers = {}) =>
  client<OutcomeAnswer[]>('POST', `${url()}/batch`, {
    ...{ body: { atomic: false, transfers }, headers },
  });
const pay = (amount: string, body: object = {}) => ({
  ...{ debit: 'alice', credit: 'bob', amount, currency: 'EUR', ...body },
});
const account = (address: string) => moneyOf(apis.ask, ledger, address);
const told = (outcomes: readonly OutcomeAnswer[]) =>
  outcomes.map((outcome) => `${outcomeOf(outcome)}${outcome.replayed ? ' again' : ''}`);

describe('an atomic batch', () => {
  it('makes all of its transfers, in order, as one event', async () => {
    const fee = { debit: 'bob', credit: 'fees', amount: '1', currency: 'EUR', reference: 'F' };
    const reply = await atomic([pay('60', { id: 'a' }), { ...fee, pending: {} }], { id: 'batch' });
    expect(outcomeOf(reply)).toBe('201');
    const recordedAt = reply.data.recordedAt;
    const common = { effectiveAt: recordedAt, recordedAt, revision: 6, description: null };
    expect(reply.data).toEqual({
      id: 'batch',
      transfers: [
        {
          ...{ id: 'a', state: 'posted', ...common, reference: null, metadata: {} },
          legs: [{ debit: 'alice', credit: 'bob', amount: '60.00', currency: 'EUR' }],
        },
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
          ...{ state: 'pending', ...common, reference: 'F', metadata: {} },
          legs: [{ debit: 'bob', credit: 'fees', amount: '1.00', currency: 'EUR' }],
          pending: { expiresAt: null },
        },
      ],
      recordedAt,
      revision: 6,
      balances: [
        { account: 'alice', currency: 'EUR', version: 3, balance: '40.00', available: '40.00' },
        { account: 'bob', currency: 'EUR', version: 3, balance: '60.00', available: '59.00' },
        { account: 'fees', currency: 'EUR', version: 2, balance: '0.00', available: '0.00' },
      ],
    });
    expect(reply.meta.revision).toBe(6);
  });

  it('is refused as a whole, and names every transfer that fails', async () => {
    const conditions = [{ account: 'bob', version: 9 }];
    const reply = await atomic(
      [
        pay('60'),
        pay('60'),
        pay('40'),
        pay('0.01', { conditions, expectedVersions: { debit: 9 } }),
      ],
      { id: 'batch' },
    );
    expect(outcomeOf(reply)).toBe('422 BATCH_REFUSED');
    const [second, fourth] = (reply.error.details['refusals'] as object[]) ?? [];
    expect(second).toMatchObject({
      ...{ index: 1, code: 'INSUFFICIENT_FUNDS', number: 'DBK-2001' },
      evidence: { revision: 5, accounts: [{ account: 'alice', balance: '40.00' }] },
    });
    expect(fourth).toMatchObject({
      ...{ index: 3, code: 'CONDITIONS_NOT_MET' },
      evidence: {
        conditions: [
          { field: 'expectedVersions.debit', account: 'alice', expected: '9' },
          { field: 'conditions[0].version', account: 'bob', expected: '9' },
        ],
      },
    });
    expect(reply.error.details).toMatchObject({ batchId: 'batch', evidence: { revision: 5 } });
    expect(await account('alice')).toMatch(/^100.00 posted/);
  });

  it('is answered the same, to the byte, by any process, for ever', async () => {
    const transfers = [pay('1', { id: 'a' }), pay('2', { id: 'b' })];
    const first = await atomic(transfers);
    const refused = await atomic([pay('1'), pay('500')], { id: 'refused' });
    const again = await atomic(transfers, {}, apis.other);
    expect([answered(again), isReplayed(again)]).toEqual([answered(first), true]);
    await apis.restart();
    for (const client of [apis.ask, apis.other]) {
      const once = await atomic(transfers, {}, client);
      expect([answered(once), isReplayed(once)]).toEqual([answered(first), true]);
      const no = await atomic([pay('1'), pay('500')], { id: 'refused' }, client);
      expect([answered(no), isReplayed(no)]).toEqual([answered(refused), true]);
    }
    expect(await account('bob')).toMatch(/^3.00 posted/);
  }, 60_000);

  it('has an id that follows from the key, from its transfers, or is new', async () => {
    const withKey = (client: Client) =>
      client<BatchAnswer>('POST', `${url()}/batch`, {
        body: { atomic: true, transfers: [pay('1'), pay('1')] },
        headers: { 'idempotency-key': 'k-1' },
      });
    const first = await withKey(apis.ask);
    expect(answered(await withKey(apis.other))).toBe(answered(first));
    const [one, two] = [await atomic([pay('1')]), await atomic([pay('1')])];
    expect(one.data.id).not.toBe(two.data.id);
    expect(await account('bob')).toMatch(/^4.00 posted/);
  });

  it('under an id that is taken is told what differs', async () => {
    await atomic([pay('1'), pay('2')], { id: 'batch' });
    const other = await atomic([pay('1'), pay('3', { reference: 'R' })], { id: 'batch' });
    expect(differenceOf(other)).toBe(
      '409 TRANSFER_ID_REUSED: transfers[1].amount,transfers[1].reference',
    );
    expect(differenceOf(await atomic([pay('1')], { id: 'batch' }))).toBe(
      '409 TRANSFER_ID_REUSED: transfers',
    );
    const transfer = await apis.ask('POST', url(), { body: pay('1', { id: 'batch' }) });
    expect(differenceOf(transfer)).toBe('409 TRANSFER_ID_REUSED: type');
    expect(differenceOf(await atomic([pay('1', { id: 'opening' })]))).toBe(
      '409 TRANSFER_ID_REUSED: transfers[0].id',
    );
  });

  it('names everything that does not fit, of all of its transfers', async () => {
    const legs = [pay('1'), pay('1', { credit: 'nobody' })];
    const reply = await atomic([pay('0'), { legs }, pay('1', { debit: 'nobody' })]);
    expect(differenceOf(reply)).toBe(
      '400 INVALID_AMOUNT: transfers[0].amount,transfers[1].legs[1].credit,transfers[2].debit',
    );
    expect(reply.error.message).toMatch(/^transfers\[0\]\.amount: /);
  });

  it('of a thousand transfers fits', async () => {
    const transfers = Array.from({ length: TRANSFERS_MAX }, () => pay('0.01'));
    const reply = await atomic(transfers);
    expect(outcomeOf(reply)).toBe('201');
    expect(await account('bob')).toMatch(/^10.00 posted/);
  }, 60_000);

  it('that would not fit into one event is turned away', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 3 }, (_, key) => [`k${key}`, 'x'.repeat(500)]),
    );
    const transfers = Array.from({ length: TRANSFERS_MAX }, () => pay('0.01', { metadata }));
    expect(outcomeOf(await atomic(transfers))).toBe('413 BATCH_TOO_LARGE');
    const separate = await each(transfers);
    expect(new Set(told(separate.data))).toEqual(new Set(['201']));
  }, 60_000);
});

describe('transfers posted together, each for itself', () => {
  it('are answered as they would have been alone, in order, later ones seeing earlier ones', async () => {
    const back = { debit: 'bob', credit: 'alice', amount: '20', currency: 'EUR' };
    const reply = await each([
      pay('60', { id: 'a' }),
      pay('60', { id: 'b' }),
      { ...back, id: 'c' },
      pay('60', { id: 'd' }),
      pay('60.0', { id: 'a' }),
      pay('61', { id: 'a' }),
      pay('0', { id: 'e' }),
      pay('1', { id: 'f', credit: 'nobody' }),
    ]);
    expect(reply.status).toBe(200);
    expect(told(reply.data)).toEqual([
      ...['201', '422 INSUFFICIENT_FUNDS', '201', '201', '201 again'],
      ...['409 TRANSFER_ID_REUSED', '400 INVALID_AMOUNT', '422 UNKNOWN_ACCOUNT'],
    ]);
    expect(reply.meta.revision).toBe(9);
    for (const [index, id] of [
      [0, 'a'],
      [2, 'c'],
    ] as const) {
      const alone = await apis.ask('POST', url(), {
        body: index === 0 ? pay('60', { id }) : { ...back, id },
      });
      expect(reply.data[index]).toMatchObject({ transfer: alone.data });
    }
    const refused = await apis.ask('POST', url(), { body: pay('60', { id: 'b' }) });
    expect(reply.data[1]).toMatchObject({ error: refused.error });
    expect(reply.data[6]).toMatchObject({ error: { details: { fields: [{ field: 'amount' }] } } });
    expect(await account('alice')).toMatch(/^0.00 posted/);
  });

  it('sent again are answered the same, to the byte, by any process, for ever', async () => {
    const transfers = [pay('60', { id: 'a' }), pay('60', { id: 'b' }), pay('0', { id: 'c' })];
    const first = await each(transfers);
    await apis.restart();
    for (const client of [apis.ask, apis.other]) {
      const again = await each(transfers, client);
      expect(told(again.data)).toEqual([
        ...['201 again', '422 INSUFFICIENT_FUNDS again', '400 INVALID_AMOUNT'],
      ]);
      expect(answered(again).replaceAll('"replayed":true', '"replayed":false')).toBe(
        answered(first),
      );
    }
  }, 60_000);

  it('have ids that follow from the key, or are new', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    const transfers = [pay('1'), pay('1', { id: 'own' })];
    await each(transfers, apis.ask, headers);
    const again = await each(transfers, apis.other, headers);
    expect(told(again.data)).toEqual(['201 again', '201 again']);
    await each([pay('1'), pay('1')]);
    await each([pay('1'), pay('1')]);
    expect(await account('bob')).toMatch(/^6.00 posted/);
  });

  it('of a ledger that there is not, are answered as one', async () => {
    const reply = await apis.ask('POST', '/v1/ledgers/nowhere/transfers/batch', {
      body: { atomic: false, transfers: [pay('1')] },
    });
    expect(outcomeOf(reply)).toBe('404 LEDGER_NOT_FOUND');
  });

  it('by both processes at once never take more than there is', async () => {
    const transfers = (name: string) =>
      Array.from({ length: 100 }, (_, n) => pay('1', { id: `${name}${n}` }));
    const replies = await Promise.all([
      each(transfers('x'), apis.ask),
      each(transfers('y'), apis.other),
      each(transfers('x'), apis.other),
    ]);
    const made = replies.flatMap(({ data }) => data).filter((one) => one.status === 201);
    expect(made.filter(({ replayed }) => !replayed)).toHaveLength(100);
    expect(await account('alice')).toMatch(/^0.00 posted/);
  }, 60_000);
});
