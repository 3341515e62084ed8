// Pending transfers of ledgers that no process has in memory expire too: the process that held one is
// gone, and nobody asks the next one for anything of that ledger.
import { setTimeout as sleep } from 'node:timers/promises';
import { type TransferRow } from '../../projections/transfer/queries.js';
import { type Client, clientFor, startTestApi } from '../support/api.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { openShop } from '../support/two-apis.js';
import { stoppedWithTheTest } from '../support/stopping.js';

jest.setTimeout(60_000);

const HOLD_MS = 1_500;
let events: TestEventStore;
let postgres: TestPostgres;
let stores: { eventStoreUrl: string; databaseUrl: string };
let projector: Awaited<ReturnType<typeof startTestProjector>>;

beforeAll(async () => {
  [events, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  stores = { eventStoreUrl: events.url, databaseUrl: postgres.url };
  projector = await startTestProjector(stores);
});
afterAll(async () => {
  await projector.stop();
  await Promise.all([events.remove(), postgres.remove()]);
});

const start = async () => {
  const api = stoppedWithTheTest(await startTestApi(stores));
  return { api, ask: clientFor(api.url) };
};
const stateOf = async (ask: Client) => {
  const { data } = await ask<TransferRow>('GET', '/v1/ledgers/quiet/transfers/hold');
  return data?.state;
};

it('a pending transfer that its own process did not live to release expires all the same', async () => {
  const first = await start();
  await openShop(first.ask, 'quiet');
  const expiresAt = new Date(Date.now() + HOLD_MS).toISOString();
  const legs = { debit: 'alice', credit: 'bob', amount: '60', currency: 'EUR' };
  const body = { id: 'hold', ...legs, pending: { expiresAt } };
  const held = await first.ask('POST', '/v1/ledgers/quiet/transfers', { body });
  expect(held.status).toBe(201);
  await first.api.stop();
  while (new Date().toISOString() < expiresAt) await sleep(100);

  const next = await start();
  // Queries are answered by Postgres: they load no ledger.
  while ((await stateOf(next.ask)) !== 'expired') await sleep(200);
  await next.api.stop();
});
