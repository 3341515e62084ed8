// The read side after every kind of event: what the API and `reporting` answer, from commands that went
// through the real write side.
import { type Pool } from 'pg';
import { pino } from 'pino';
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { type Running } from '../../src/platform/process-frame.js';
import { overdueLedgersIn } from '../../src/queries/overdue-ledgers.js';
import { type TransferAnswer } from '../../src/queries/transfer-answer.js';
import { type TrialBalanceAnswer } from '../../src/queries/trial-balance/dto.js';
import { readModelsIn } from '../../projections/engine/queries.js';
import { overdueLedgers } from '../../projections/transfer/queries.js';
import { type Client, type TestApi, clientFor, startTestApi } from '../support/api.js';
import { everyKind } from '../support/every-kind.js';
import { leg, openAccount, openLedger, postTransfer } from '../support/ledger-factories.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { type Submitter, submitterOn } from '../support/submitter.js';

const log = pino({ level: 'silent' });

let events: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let submitter: Submitter;
let pool: Pool;
let projector: Running;
let api: TestApi;
let call: Client;
/** Of the last event of the ledger `shop`. */
let revision = 0;

async function submit(ledger: string, ...commands: Parameters<Submitter['submit']>[1][]) {
  let last = 0;
  for (const command of commands) {
    const outcome = await submitter.submit(ledger, command);
    if (outcome.kind === 'recorded') last = outcome.revision;
  }
  return last;
}

beforeAll(async () => {
  [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  const stores = { eventStoreUrl: events.url, databaseUrl: postgres.url };
  store = eventStoreDb(events.url, log);
  submitter = submitterOn(store);
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  projector = await startTestProjector(stores);
  api = await startTestApi(stores);
  call = clientFor(api.url);
  revision = await submit('shop', ...everyKind('shop'));
}, 60_000);

afterAll(async () => {
  await api.stop();
  await projector.stop();
  await submitter.close();
  await Promise.all([store.close(), pool.end()]);
  await Promise.all([events.remove(), postgres.remove()]);
}, 60_000);

async function ask<T>(path: string, query = '') {
  const reply = await call<T>('GET', `/v1/ledgers/shop${path}?minRevision=${revision}&${query}`);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply;
}

const TIME = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string;
const REVISION = expect.any(Number) as number;
const recorded = { recordedAt: TIME, revision: REVISION };
const share = (number: number, debit: string, credit: string, amount: string) => ({
  ...{ leg: number, debit, credit, amount, currency: 'EUR' },
});

describe('a transfer', () => {
  const transfer = async (id: string) => (await ask<TransferAnswer>(`/transfers/${id}`)).data;

  it('that was held has everything that became of it', async () => {
    expect(await transfer('order')).toEqual({
      ...{ id: 'order', state: 'posted', effectiveAt: TIME, ...recorded },
      legs: [leg('ann', 'bob', '20.00'), leg('ann', 'cash', '5.00'), leg('cash', 'bob', '1.00')],
      ...{ reference: null, description: null, metadata: {}, pending: { expiresAt: null } },
      totals: [
        { held: '0.00', posted: '18.00', reversed: '3.00' },
        { held: '0.00', posted: '0.00', reversed: '0.00' },
        { held: '0.00', posted: '0.00', reversed: '0.00' },
      ],
      captures: [
        {
          ...{ id: 'order-1', legs: [share(0, 'ann', 'bob', '8.00')], released: [] },
          ...{ final: false, effectiveAt: TIME, ...recorded },
        },
        {
          ...{ id: 'order-2', legs: [share(0, 'ann', 'bob', '10.00')], final: true },
          released: [share(0, 'ann', 'bob', '2.00'), share(2, 'cash', 'bob', '1.00')],
          ...{ effectiveAt: TIME, ...recorded },
        },
      ],
      voids: [
        {
          ...{ id: 'order-void', released: [share(1, 'ann', 'cash', '5.00')] },
          ...{ reason: 'asked for', ...recorded },
        },
      ],
      reversals: [
        {
          ...{ id: 'order-back', legs: [share(0, 'bob', 'ann', '3.00')] },
          ...{ reason: 'asked for', ...recorded },
        },
      ],
    });
  });

  it('that reverses another one names it, and the other one names it too', async () => {
    const back = await transfer('deposit-back');
    expect([back.state, back.reverses]).toEqual([
      'posted',
      {
        ...{ transfer: 'deposit', parts: [{ leg: 0, amount: '10.00' }], legs: [0] },
        reason: 'asked for',
      },
    ]);
    const deposit = await transfer('deposit');
    expect(deposit.totals).toEqual([{ held: '0.00', posted: '100.00', reversed: '10.00' }]);
    expect(deposit.reversals.map(({ id }) => id)).toEqual(['deposit-back']);
  });

  it('is pending, voided or expired, and says when', async () => {
    expect((await transfer('waiting')).state).toBe('pending');
    expect((await transfer('dropped')).state).toBe('voided');
    const late = await transfer('late');
    expect([late.state, late.expiredAt]).toEqual(['expired', TIME]);
  });

  it('says how money was exchanged', async () => {
    const { exchange, legs } = await transfer('exchange');
    expect([exchange?.rate, exchange?.source, exchange?.sell]).toEqual([
      ...['1.0857', 'treasury desk', { amount: '3.33', currency: 'EUR' }],
    ]);
    expect(legs).toHaveLength(2);
  });

  it('of a batch names it, and what was captured of it later', async () => {
    const item = await transfer('batch-1');
    expect([item.batch, item.state]).toEqual([{ id: 'batch', index: 1 }, 'posted']);
    expect(item.captures.map(({ id }) => id)).toEqual(['batch-1-all']);
  });

  it.each(['order-1', 'dropped-void', 'batch', 'no-batch', 'no-0'])(
    'is not what %s names',
    async (id) => {
      const path = `/v1/ledgers/shop/transfers/${id}?minRevision=${revision}`;
      expect((await call('GET', path)).error.code).toBe('TRANSFER_NOT_FOUND');
    },
  );
});

describe('the list of transfers', () => {
  const ids = async (query: string) =>
    (await ask<TransferAnswer[]>('/transfers', query)).data.map(({ id }) => id);
  const ALL = [
    ...['reverse-none', 'too-much', 'batch-2', 'batch-1', 'batch-0', 'exchange', 'deposit-back'],
    ...['waiting', 'late', 'dropped', 'order-back', 'order', 'deposit'],
  ];

  it.each([
    ['', ALL],
    ['state=pending', ['waiting']],
    ['state=voided', ['dropped']],
    ['state=expired', ['late']],
    ['state=refused', ['reverse-none', 'too-much']],
    ['account=cash', ['too-much', 'batch-2', 'batch-0', 'deposit-back', 'order', 'deposit']],
    ['account=ann-usd', ['exchange']],
    ['state=posted&account=bob', ['batch-2', 'batch-1', 'batch-0', 'order-back', 'order']],
  ])('filters by "%s", back from the last', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it('is paged also within a batch', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query: string = `limit=2${cursor && `&cursor=${cursor}`}`;
      const { data, meta } = await ask<TransferAnswer[]>('/transfers', query);
      seen.push(...data.map(({ id }) => id));
      cursor = meta.nextCursor;
    }
    expect(seen).toEqual(ALL);
  });

  it('knows no other state', async () => {
    const { error } = await call('GET', '/v1/ledgers/shop/transfers?state=captured');
    expect(error.details.fields?.[0]?.field).toBe('state');
  });
});

describe('an account', () => {
  it('has what is held, the same from the write side', async () => {
    const { data } = await ask<AccountSnapshot>('/accounts/ann');
    expect(data.pending).toEqual({ debits: '4.00', credits: '0.00' });
    const headers = { 'Daybook-Consistency': 'strong' };
    for (const address of ['ann', 'bob', 'cash', 'desk', 'cents-usd', 'eve']) {
      const weak = await ask<AccountSnapshot>(`/accounts/${address}`);
      const strong = await call('GET', `/v1/ledgers/shop/accounts/${address}`, { headers });
      expect(weak.data).toEqual(strong.data);
    }
  });

  it('has an entry for all that moved, paged also within a batch', async () => {
    interface Entry {
      transferId: string;
      leg: number;
      side: string;
      amount: string;
    }
    const lines: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query: string = `order=asc&limit=1${cursor && `&cursor=${cursor}`}`;
      const { data, meta } = await ask<Entry[]>('/accounts/bob/entries', query);
      lines.push(
        ...data.map((line) => `${line.transferId}.${line.leg} ${line.side} ${line.amount}`),
      );
      cursor = meta.nextCursor;
    }
    expect(lines).toEqual([
      'order.0 credit 8.00',
      'order-back.0 debit 3.00',
      'order.0 credit 10.00',
      'batch-0.1 credit 1.00',
      'batch-2.0 credit 0.50',
      'batch-2.1 debit 0.25',
      'batch-1.0 credit 6.00',
    ]);
    const { data } = await ask<Entry[]>('/accounts/bob/entries');
    expect(data.map((line) => line.transferId)).toEqual(
      lines.map((line) => line.split('.', 1)[0]).toReversed(),
    );
  });
});

it('the ledger has its rules and the last day closed', async () => {
  const { data } = await ask<object>('');
  expect(data).toMatchObject({
    rules: { uniqueReferences: true, pastDaysMax: 400, futureDaysMax: null },
    closedThrough: '2026-01-31',
  });
});

it('the trial balance agrees, about what is posted alone', async () => {
  const { data } = await ask<TrialBalanceAnswer>('/trial-balance');
  expect(data.agrees).toBe(true);
  expect(data.currencies.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
});

describe('reporting', () => {
  const rows = async (sql: string) => {
    await ask('');
    return (await pool.query<Record<string, unknown>>(sql)).rows;
  };

  it('has every refusal, of transfers, acts and batches', async () => {
    const found = await rows(
      `SELECT id, kind, transfer_id, code, evidence->>'revision' AS seen, revision::int
       FROM reporting.refusal WHERE ledger = 'shop' ORDER BY revision`,
    );
    expect(found.map(({ id, kind, transfer_id: of, code }) => [id, kind, of, code])).toEqual([
      ['too-much', 'transfer', null, 'INSUFFICIENT_FUNDS'],
      ['too-late', 'capture', 'dropped', 'TRANSFER_NOT_PENDING'],
      ['void-late', 'void', 'late', 'TRANSFER_EXPIRED'],
      ['reverse-none', 'reversal', 'dropped', 'TRANSFER_NOT_REVERSIBLE'],
      ['no-batch', 'batch', null, 'BATCH_REFUSED'],
    ]);
    for (const { seen, revision: at } of found) expect(Number(seen)).toBe(Number(at) - 1);
  });

  it('shows the sums of all entries on the accounts', async () => {
    const differing = await rows(
      `SELECT address FROM reporting.account JOIN LATERAL (
         SELECT coalesce(sum(amount) FILTER (WHERE side = 'debit'), 0) AS debits,
           coalesce(sum(amount) FILTER (WHERE side = 'credit'), 0) AS credits
         FROM reporting.entry WHERE entry.ledger = account.ledger AND entry.account = address
       ) AS summed ON true
       WHERE posted_debits <> debits OR posted_credits <> credits`,
    );
    expect(differing).toEqual([]);
  });
});

describe('ledgers with something overdue', () => {
  const HOUR_MS = 3_600_000;
  const now = new Date();
  const after = (hours: number) => new Date(now.getTime() + hours * HOUR_MS);
  const overdue = (at: Date) => overdueLedgers(readModelsIn(pool), at);

  beforeAll(async () => {
    const pending = (hours: number | null) => ({
      ...{ pending: { expiresAt: hours === null ? null : after(hours).toISOString() } },
      now: now.toISOString(),
    });
    const amount = [leg('a', 'b', '1')];
    for (const [ledger, hours] of [
      ['l1', 1],
      ['l2', 5],
      ['l3', 1],
      ['l4', null],
    ] as const) {
      await submit(
        ledger,
        openLedger({ ledger }),
        ...['a', 'b'].map((address) => openAccount({ address, overdraftLimit: null })),
        postTransfer('one', amount, pending(hours)),
        postTransfer('two', amount, pending(hours)),
      );
    }
    const common = { amount: null, parts: null, reason: 'done', now: after(0).toISOString() };
    const last = await submit(
      'l3',
      {
        ...{ type: 'VoidTransfer', id: 'void-one', transfer: 'one', ...common },
      },
      {
        ...{ type: 'VoidTransfer', id: 'void-two', transfer: 'two', ...common },
      },
    );
    await call('GET', `/v1/ledgers/l3?minRevision=${last}`);
    await call('GET', '/v1/ledgers/l4?minRevision=4');
  });

  it('are those in which it is still held', async () => {
    expect(await overdue(after(0))).toEqual([]);
    expect(await overdue(after(1))).toEqual(['l1']);
    expect(await overdue(after(4.9))).toEqual(['l1']);
    expect(await overdue(after(5))).toEqual(['l1', 'l2']);
    expect(await overdueLedgersIn(pool)()).toEqual([]);
  });
});
