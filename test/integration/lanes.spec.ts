// An event that cannot be applied parks its ledger, and nothing else: rows stay as they were and say so,
// the rest of the log goes on, and nothing is skipped when the ledger is taken up again.
import { pino } from 'pino';
import { withConnection } from '../../projections/engine/connection.js';
import { follow } from '../../projections/engine/follow.js';
import { schemaOf } from '../../projections/engine/generations.js';
import { keepProjecting } from '../../projections/engine/projector.js';
import { readModelsIn } from '../../projections/engine/queries.js';
import {
  type ParkedLane,
  parkedLane,
  parkedLanes,
  requestRetry,
  retriesOutstanding,
} from '../../projections/parked/queries.js';
import { projectionStatus } from '../../projections/status/queries.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { encode } from '../../src/event-store/codec.js';
import { type EventStore, type NewEvent } from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { clientFor, startTestApi } from '../support/api.js';
import { type Bank, bankOn } from '../support/bank.js';
import { bankOnFreshLogs } from '../support/bank-on-stores.js';
import { finished, runOn } from '../support/daybook-process.js';
import { NOON } from '../support/ledger-factories.js';
import { eventsApplied, foldedRows, live, project, rowsOf, until } from '../support/projecting.js';
import { stoppedWithTheTest } from '../support/stopping.js';

const log = pino({ level: 'silent' });
const forever = new AbortController().signal;

const its = bankOnFreshLogs();
let other: Bank;

beforeEach(() => {
  other = bankOn(its.store, 'other');
});
afterEach(() => other.close());

const parked = async () => (await parkedLanes(readModelsIn(its.pool))).map(({ ledger }) => ledger);
const laneOf = (ledger: string) => parkedLane(readModelsIn(its.pool), ledger);

const REQUEST = {
  id: 'planted',
  legs: [{ debit: 'cash', credit: 'customers:0', amount: '1.00', currency: 'EUR' }],
  ...{ effectiveAt: NOON, recordedAt: NOON, reference: null, metadata: {} },
};
/** An event of a transfer that says nothing of the balances it led to. */
const LIE: LedgerEvent = {
  type: 'TransferPosted',
  data: { ...REQUEST, description: null, balances: [] },
};
const UNSTORABLE: LedgerEvent = {
  type: 'TransferRefused',
  data: {
    ...{ ...REQUEST, description: 'zero \0 zero' },
    refusal: { code: 'PERIOD_CLOSED', message: 'planted', evidence: { revision: 0, accounts: [] } },
  },
};

/** Writes an event that no writer of ours would, behind the last one of a ledger; tells its revision. */
async function plant(event: LedgerEvent, changes: Partial<NewEvent> = {}): Promise<number> {
  const stream = ledgerStream('bank');
  const last = { from: 'end', direction: 'backwards', limit: 1 } as const;
  for await (const { revision, metadata } of its.store.readStream(stream, last)) {
    const place = { stream, revision: revision + 1, previousHash: String(metadata['hash']) };
    const causation = {
      ...{ actor: 'vandal', requestId: 'x', correlationId: 'x', causationId: 'x' },
      clientAddress: null,
    };
    const { id, type, data, metadata: own } = encode(event, place, causation);
    await its.store.append(stream, revision, [{ id, type, data, metadata: own, ...changes }]);
    return revision + 1;
  }
  throw new Error('the ledger has no events');
}

const damagedMetadata = { schemaVersion: 99, previousHash: 'x', hash: 'x' };
const POISON: readonly (readonly [
  category: string,
  what: string,
  event: LedgerEvent,
  changes: Partial<NewEvent>,
])[] = [
  ['unknown_type', 'a type that nobody knows', LIE, { type: 'TransferImagined' }],
  ['corrupt_payload', 'no metadata', LIE, { metadata: {} }],
  ['corrupt_payload', 'nothing in it', LIE, { data: {} }],
  ['corrupt_payload', 'a list of nothing', LIE, { data: { transfers: [null], legs: 7 } }],
  ['upcast', 'a version of the future', LIE, { metadata: damagedMetadata }],
  ['invariant', 'balances that the sums do not give', LIE, {}],
  ['db_permanent', 'text that Postgres cannot hold', UNSTORABLE, {}],
];

describe('an event that cannot be applied', () => {
  it.each(POISON)('parks its ledger as %s: %s', async (category, _what, event, changes) => {
    await its.bank.trade(10);
    await other.trade(5);
    const revision = await plant(event, changes);
    await plant(LIE);
    await other.trade(10);
    await project(its.pool, its.store);

    expect(await laneOf('bank')).toMatchObject({ ledger: 'bank', category, revision });
    expect(await parked()).toEqual(['bank']);
    // Everything before it, and everything of others, is applied; nothing after it is.
    expect(await eventsApplied(its.pool)).toBe(its.bank.events() + other.events());
    expect(await reported('ledger')).toEqual([
      { ledger: 'bank', revision: String(revision - 1), stale: true },
      { ledger: 'other', revision: String(other.events() - 1), stale: false },
    ]);
    const [status] = await projectionStatus(readModelsIn(its.pool), its.store);
    expect(status).toMatchObject({ parkedLanes: 1, lag: 0 });
    const rows = await rowsOf(its.pool, await live(its.pool));
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
    expect(await laneOf('bank')).toMatchObject({ category, revision });
  });

  it('is looked at once: going on leaves the lane as it was, and nothing is applied twice', async () => {
    await its.bank.trade(10);
    await plant(LIE);
    await other.trade(10);
    await project(its.pool, its.store);
    const before = {
      lane: await laneOf('bank'),
      rows: await rowsOf(its.pool, await live(its.pool)),
    };
    await project(its.pool, its.store);
    const after = {
      lane: await laneOf('bank'),
      rows: await rowsOf(its.pool, await live(its.pool)),
    };
    expect(after).toEqual(before);
  });

  it('parks its ledger when Postgres finds that its rows contradict others, until they do not', async () => {
    await Promise.all([its.bank.trade(10), other.trade(10)]);
    await project(its.pool, its.store);
    const table = `${schemaOf(await live(its.pool))}.transfer`;
    await its.pool.query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, '{"id": "transfer-14"}')).*
       FROM ${table} t WHERE ledger = 'bank' AND id = 'transfer-1'`,
    );
    // So many that some are booked already when the first are written.
    await Promise.all([its.bank.trade(400), other.trade(400)]);
    await project(its.pool, its.store);
    expect(await laneOf('bank')).toMatchObject({ category: 'db_permanent' });
    expect((await laneOf('bank'))?.reason).toContain('transfer-14');
    expect(await parked()).toEqual(['bank']);
    expect(await eventsApplied(its.pool)).toBeLessThan(its.bank.events() + other.events());

    await withProjector(async () => {
      expect(await retried()).toEqual(['bank']);
      expect(await parked()).toEqual(['bank']);
      await its.pool.query(`DELETE FROM ${table} WHERE id = 'transfer-14' AND revision < 30`);
      await retried();
      expect(await parked()).toEqual([]);
      await its.bank.trade(10);
      await until(
        async () => (await eventsApplied(its.pool)) === its.bank.events() + other.events(),
      );
    });
    const rows = await rowsOf(its.pool, await live(its.pool));
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
  }, 30_000);

  it('may be a missing one: its ledger is taken up from its own stream, before what came since', async () => {
    await its.bank.trade(10);
    const losing: EventStore = {
      ...its.store,
      subscribe: async function* (options) {
        for await (const message of its.store.subscribe(options)) {
          const isLost = 'stream' in message && message.revision === 25;
          if (!isLost || !message.stream.endsWith('bank')) yield message;
        }
      },
    };
    await project(its.pool, losing);
    expect(await laneOf('bank')).toMatchObject({ category: 'contiguity', revision: 26 });
    await Promise.all([its.bank.trade(600), other.trade(10)]);
    await withProjector(async () => {
      await until(async () => (await reported('ledger')).length === 2);
      const trading = its.bank.trade(200);
      await retried();
      await trading;
      await until(
        async () => (await eventsApplied(its.pool)) === its.bank.events() + other.events(),
      );
      expect(await parked()).toEqual([]);
    });
    const rows = await rowsOf(its.pool, await live(its.pool));
    expect(await foldedRows(its.pool, its.store)).toEqual(rows);
    expect((await reported('account')).every(({ stale }) => !stale)).toBe(true);
  }, 60_000);

  it('may be the first of its ledger, and of the log', async () => {
    const event = { id: crypto.randomUUID(), type: 'LedgerImagined', data: {}, metadata: {} };
    await its.store.append(ledgerStream('odd'), -1, [event]);
    await other.trade(3);
    await project(its.pool, its.store);
    expect(await laneOf('odd')).toMatchObject({ category: 'unknown_type', revision: 0 });
    expect(await eventsApplied(its.pool)).toBe(other.events());
    await withProjector(retried);
    expect(await parked()).toEqual(['odd']);
  });
});

describe('answers about a parked ledger', () => {
  it('say so, over HTTP and on the command line', async () => {
    await its.bank.trade(10);
    const revision = await plant(LIE);
    await other.trade(3);
    await project(its.pool, its.store);
    const { url: databaseUrl } = its.postgres;
    const api = stoppedWithTheTest(
      await startTestApi({ eventStoreUrl: its.node.url, databaseUrl }),
    );
    const request = clientFor(api.url);
    const { staleSince, ...lane } = (await laneOf('bank')) as ParkedLane;
    const cash = '/v1/ledgers/bank/accounts/cash';
    expect((await request('GET', cash)).meta).toMatchObject({ staleSince });
    const elsewhere = await request('GET', '/v1/ledgers/other/accounts/cash');
    expect(elsewhere.meta).not.toHaveProperty('staleSince');
    const known = await request('GET', `${cash}?minRevision=${revision - 1}`);
    expect(known.status).toBe(200);
    const behind = await request('GET', `${cash}?minRevision=${revision}`);
    expect(behind).toMatchObject({ status: 503, error: { code: 'READ_MODEL_BEHIND' } });
    expect(behind.error.details).toMatchObject({ parked: { ...lane, staleSince } });
    const projections = await request<{ parkedLanes: number }[]>('GET', '/v1/projections');
    expect(projections.data[0]?.parkedLanes).toBe(1);
    await api.stop();

    expect(await daybook('list')).toEqual({ code: 0, said: { parked: [{ ...lane, staleSince }] } });
    expect(await daybook('show', 'bank')).toEqual({ code: 0, said: { ...lane, staleSince } });
    expect(await daybook('show', 'other')).toMatchObject({ code: 2 });
    expect(await daybook('retry')).toMatchObject({ code: 2 });
    expect(await daybook('retry', 'other')).toMatchObject({ code: 2 });
    await withProjector(async () => {
      expect(await daybook('retry', '--all')).toMatchObject({ code: 1 });
    });
  }, 60_000);
});

/** `daybook projections parked ...`, with what it said as JSON. */
async function daybook(...words: string[]): Promise<{ code: number | string; said: unknown }> {
  const stores = { eventStoreUrl: its.node.url, databaseUrl: its.postgres.url };
  const { code, out } = await finished(runOn(stores, 'projections', 'parked', ...words, '--json'));
  return { code, said: JSON.parse(out) as unknown };
}

async function reported(view: 'ledger' | 'account') {
  const { rows } = await its.pool.query<{ ledger: string; revision: string; stale: boolean }>(
    `SELECT ledger, revision, stale_since IS NOT NULL AS stale FROM reporting.${view} ORDER BY ledger`,
  );
  return rows;
}

/** Asks for all lanes to be tried again, and waits until they were; tells which. */
async function retried(): Promise<readonly string[]> {
  const asked = await requestRetry(its.pool, 'all');
  await until(async () => (await retriesOutstanding(its.pool, asked)).length === 0);
  return asked;
}

async function withProjector(work: () => Promise<unknown>): Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const onWorking = () => undefined;
  const projecting = keepProjecting({ store: its.store, pool: its.pool, log, signal, onWorking });
  await work();
  stopping.abort();
  await projecting;
}

describe('a batch', () => {
  it('that is applied takes three round trips at most', async () => {
    await its.bank.trade(10);
    const generation = await live(its.pool);
    await withConnection(its.pool, async (database) => {
      const statements = jest.spyOn(database, 'query');
      const following = follow({ store: its.store, database, generation, signal: forever });
      for (let batches = 0; batches < 5; batches += 1) {
        // The last is the first of its ledger.
        await (batches < 4 ? its.bank : other).trade(30);
        const before = statements.mock.calls.length;
        await following.next();
        if (batches > 0) expect(statements.mock.calls.length - before).toBeLessThanOrEqual(3);
      }
      await following.return(undefined);
    });
  });
});
