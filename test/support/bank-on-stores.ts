// A bank that trades on a log, and a database for the read models: what tests of projections begin with.
// Each function registers the hooks of a file, and answers with what they set up.
import { type Pool } from 'pg';
import { pino } from 'pino';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { type Bank, bankOn } from './bank.js';
import { forgetReadModels } from './projecting.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from './stores.js';

const PATIENCE_MS = 60_000;
const log = pino({ level: 'silent' });

/** There from the first hook on. */
export interface BankOnStores {
  node: TestEventStore;
  postgres: TestPostgres;
  store: EventStore;
  pool: Pool;
  /** Of the ledger `bank`. */
  bank: Bank;
}

/** Every test has a log of its own, and read models that know nothing of it. */
export function bankOnFreshLogs(): Readonly<BankOnStores> {
  const its = {} as BankOnStores;
  openDatabase(its);
  beforeEach(async () => {
    await openLog(its);
    await forgetReadModels(its.pool);
  });
  afterEach(() => closeLog(its));
  return its;
}

/** All tests share a log with so many transfers; every test has read models that know nothing of it. */
export function bankOnOneLog(transfers: number): Readonly<BankOnStores> {
  const its = {} as BankOnStores;
  openDatabase(its);
  beforeAll(async () => {
    await openLog(its);
    await its.bank.trade(transfers);
  }, PATIENCE_MS);
  afterAll(() => closeLog(its), PATIENCE_MS);
  beforeEach(() => forgetReadModels(its.pool));
  return its;
}

function openDatabase(its: BankOnStores): void {
  beforeAll(async () => {
    its.postgres = await startTestPostgres();
    const { url: databaseUrl } = its.postgres;
    its.pool = createPool({ databaseUrl, applicationName: 'test', logger: log });
  }, PATIENCE_MS);
  afterAll(async () => {
    await its.pool.end();
    await its.postgres.remove();
  }, PATIENCE_MS);
}

async function openLog(its: BankOnStores): Promise<void> {
  its.node = await startTestEventStore();
  its.store = eventStoreDb(its.node.url, log);
  its.bank = bankOn(its.store, 'bank');
}

async function closeLog({ bank, store, node }: BankOnStores): Promise<void> {
  await bank.close();
  await store.close();
  await node.remove();
}
