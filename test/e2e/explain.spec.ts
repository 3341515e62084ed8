// Explanations of recorded decisions over HTTP, and what they cost nobody else.
import { pino } from 'pino';
import { type Explanation } from '../../src/domain/ledger/explain.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { TooLong, recordedDecision } from '../../src/queries/explain-transfer/recorded-decision.js';
import { type Reply } from '../support/api.js';
import { type TestEventStore, startTestEventStore } from '../support/stores.js';
import { tokenFor } from '../support/tokens.js';
import { type TwoApis, openShop, outcomeOf, startTwoApis } from '../support/two-apis.js';

let events: TestEventStore;
let apis: TwoApis;
const ledger = 'explained';
const path = `/v1/ledgers/${ledger}`;

const PAYMENT = { debit: 'alice', credit: 'bob', amount: '10', currency: 'EUR' };
const post = (to: string, body: object) => apis.ask('POST', `${path}${to}`, { body });
const explain = (id: string, token?: string) =>
  apis.other<Explanation>('GET', `${path}/transfers/${id}/explain`, token ? { token } : {});

/** What is asked for, and what the explanation of its id has to say. */
const STORY: readonly (readonly [string, object, string, string, string])[] = [
  ['/transfers', { id: 'sale', ...PAYMENT }, 'sale', 'transfer', 'posted'],
  [
    '/transfers',
    { id: 'poor', ...PAYMENT, amount: '500' },
    'poor',
    'transfer',
    'INSUFFICIENT_FUNDS',
  ],
  ['/transfers', { id: 'hold', ...PAYMENT, pending: {} }, 'hold', 'transfer', 'pending'],
  ['/transfers/hold/capture', { id: 'part', amount: '4' }, 'part', 'capture', 'pending'],
  ['/transfers/hold/void', { id: 'rest', reason: 'less' }, 'rest', 'void', 'posted'],
  ['/transfers/hold/capture', { id: 'late' }, 'late', 'capture', 'TRANSFER_NOT_PENDING'],
  [
    '/transfers/sale/reverse',
    { id: 'refund', amount: '3', reason: 'returned' },
    'refund',
    'reversal',
    'posted',
  ],
  [
    '/transfers/sale/reverse',
    { id: 'twice', amount: '8', reason: 'returned' },
    'twice',
    'reversal',
    'AMOUNT_EXCEEDS_POSTED',
  ],
  [
    '/exchanges',
    {
      ...{ id: 'yen', from: 'alice', to: 'alice:jpy', via: { sell: 'fx:eur', buy: 'fx:jpy' } },
      ...{ sell: '1', rate: '163.7', rounding: { account: 'alice:jpy' } },
    },
    'yen',
    'exchange',
    'posted',
  ],
  [
    '/transfers/batch',
    {
      ...{ atomic: true, id: 'both' },
      transfers: [
        { id: 'b1', ...PAYMENT },
        { id: 'b2', ...PAYMENT, pending: {} },
      ],
    },
    'both',
    'batch',
    'posted',
  ],
  [
    '/transfers/batch',
    { atomic: true, id: 'none', transfers: [PAYMENT, { ...PAYMENT, amount: '500' }] },
    'none',
    'batch',
    'BATCH_REFUSED',
  ],
];

beforeAll(async () => {
  events = await startTestEventStore();
  apis = await startTwoApis({ eventStoreUrl: events.url });
  await openShop(apis.ask, ledger);
  const accounts = [
    { address: 'alice:jpy', type: 'liability', currency: 'JPY' },
    { address: 'fx:eur', type: 'equity', currency: 'EUR', overdraftLimit: null },
    { address: 'fx:jpy', type: 'equity', currency: 'JPY', overdraftLimit: null },
  ];
  for (const body of accounts) await post('/accounts', body);
  for (const [to, body] of STORY) await post(to, body);
}, 60_000);
afterAll(async () => {
  await apis.stop();
  await events.remove();
}, 60_000);

describe('the explanation', () => {
  it.each(STORY)('of %s %j', async (_to, _body, id, kind, outcome) => {
    const reply = await explain(id);
    expect(reply.status).toBe(200);
    const { data } = reply;
    const came = 'state' in data.outcome ? data.outcome.state : data.outcome.refusal;
    expect([data.id, data.kind, came, data.agrees]).toEqual([id, kind, outcome, true]);
    expect(data.state.revision).toBe(data.revision - 1);
    const failed = data.checks.find(({ passed }) => !passed)?.check;
    expect(failed).toBe(
      { BATCH_REFUSED: 'INSUFFICIENT_FUNDS', posted: undefined, pending: undefined }[outcome] ??
        (/^[A-Z_]+$/.test(outcome) ? outcome : undefined),
    );
  });

  it('shows the numbers that the decision saw, whatever came later', async () => {
    const { data, meta } = await explain('poor');
    expect(data).toMatchObject({
      revision: 10,
      outcome: { message: 'An account would fall below what its overdraft limit allows.' },
      state: {
        ...{ revision: 9, closedThrough: null },
        accounts: [
          { account: 'alice', balance: '90.00', available: '90.00', version: 3 },
          { account: 'bob', balance: '10.00' },
        ],
      },
    });
    expect(data.checks).toContainEqual({
      ...{ check: 'INSUFFICIENT_FUNDS', account: 'alice', passed: false },
      seen: { available: '90.00' },
      asked: { change: '-500.00', available: '-410.00' },
      limit: { overdraftLimit: '0.00' },
    });
    expect(meta.revision).toBe(19);
  });

  it('of one transfer of a batch shows its own checks, and the batch', async () => {
    const { data } = await explain('b2');
    expect(data).toMatchObject({ id: 'b2', batch: 'both', outcome: { state: 'pending' } });
    expect(new Set(data.checks.map(({ transfer }) => transfer))).toEqual(new Set(['b2']));
  });

  it('is there for whoever may read, and for no other ledger', async () => {
    expect((await explain('sale', tokenFor('reader'))).status).toBe(200);
    const outOfReach = await explain('sale', tokenFor('reader', ['other']));
    expect(outcomeOf(outOfReach)).toBe('404 LEDGER_NOT_FOUND');
  });

  it.each(['nothing', 'alice', 'explained'])('of %s is not there', async (id) => {
    expect(outcomeOf(await explain(id))).toBe('404 TRANSFER_NOT_FOUND');
  });

  it('waits its turn, and is put off when too many wait: EXPLANATION_UNAVAILABLE', async () => {
    const replies = await Promise.all(Array.from({ length: 150 }, () => explain('late')));
    const outcomes = replies.map((reply: Reply<Explanation>) => outcomeOf(reply));
    expect([...new Set(outcomes)].sort()).toEqual(['200', '503 EXPLANATION_UNAVAILABLE']);
    const late = replies.find(({ status }) => status === 503);
    expect(late?.headers.get('retry-after')).toBe('5');
    expect((await explain('late')).status).toBe(200);
  });

  it('is given up when there is no time left', async () => {
    const store = eventStoreDb(events.url, pino({ level: 'silent' }));
    const place = { ledger, revision: 10, deadline: performance.now() - 1 };
    await expect(recordedDecision(store, place)).rejects.toThrow(TooLong);
    await store.close();
  });
});
