// A checkpoint knows its log: after a restore from an older copy, written on or not, nothing is applied,
// and whoever runs the projector is told what is missing and what to do.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { keepProjecting } from '../../projections/engine/projector.js';
import { AnotherLog } from '../../projections/engine/same-log.js';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { freePort } from '../../src/platform/free-port.js';
import { createPool } from '../../src/platform/postgres.js';
import { bankOn } from '../support/bank.js';
import { finished, runOn } from '../support/daybook-process.js';
import {
  checkpointOf,
  eventsApplied,
  foldedRows,
  forgetReadModels,
  live,
  project,
  rowsOf,
  until,
} from '../support/projecting.js';
import { type TestPostgres, startTestPostgres } from '../support/stores.js';

const log = pino({ level: 'silent' });
const forever = new AbortController().signal;

let folder: string;
let port: number;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;
let node: Awaited<ReturnType<typeof startEventNode>> | undefined;

const urlOf = () => `esdb://127.0.0.1:${port}?tls=false`;
const on = async (copy: string) => {
  node = await startEventNode({ dataDir: join(folder, copy), port });
};
const off = async () => {
  await node?.stop();
  node = undefined;
};
const copied = (from: string, to: string) =>
  cpSync(join(folder, from), join(folder, to), { recursive: true });

beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
}, 60_000);
afterAll(async () => {
  await pool.end();
  await postgres.remove();
}, 60_000);
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-identity-'));
  port = await freePort();
  store = eventStoreDb(urlOf(), log);
  await forgetReadModels(pool);
});
afterEach(async () => {
  await store.close();
  await off();
  rmSync(folder, { recursive: true });
});

/** Trades on the log that is up, and lets go of it. */
async function traded(ledger: string, transfers: number): Promise<void> {
  const bank = bankOn(store, ledger);
  await bank.trade(transfers);
  await bank.close();
}

/** A log of today, all of it applied, and a copy of yesterday. */
async function twoDays(): Promise<void> {
  await on('today');
  await traded('first', 10);
  await off();
  copied('today', 'yesterday');
  await on('today');
  await traded('second', 10);
  await project(pool, store);
}

const projecting = () =>
  keepProjecting({ store, pool, log, signal: forever, onWorking: () => undefined });

describe('a log that was put back', () => {
  it('is refused with what is missing and a plan, and built from by a rebuild', async () => {
    await twoDays();
    const generation = await live(pool);
    const before = { rows: await rowsOf(pool, generation), applied: await eventsApplied(pool) };
    const missed = (await checkpointOf(pool, generation))?.last;
    await off();
    await on('yesterday');
    await expect(projecting()).rejects.toThrow(AnotherLog);
    await expect(projecting()).rejects.toThrow(`event ${missed?.id} (ledger second`);
    const stores = { eventStoreUrl: urlOf(), databaseUrl: postgres.url };
    const { code, out, err } = await finished(runOn(stores, 'projector'));
    expect(code).toBe(3);
    const said = out + err;
    expect(said).toContain('of ledger second it holds nothing');
    expect(said).toContain('daybook projections rebuild --all');
    expect(await eventsApplied(pool)).toBe(before.applied);
    expect(await rowsOf(pool, generation)).toEqual(before.rows);
    const folded = await foldedRows(pool, store);
    expect(folded['ledger']).toHaveLength(1);
  }, 60_000);

  it('is refused also when it was written on since, at the same places', async () => {
    await twoDays();
    const generation = await live(pool);
    const rows = await rowsOf(pool, generation);
    await off();
    await on('yesterday');
    await traded('second', 30);
    await expect(projecting()).rejects.toThrow(/second .*with another event/);
    expect(await rowsOf(pool, generation)).toEqual(rows);
  }, 60_000);

  it('is refused by a projector that was running all the time', async () => {
    await twoDays();
    const generation = await live(pool);
    const running = projecting();
    const ended = expect(running).rejects.toThrow(AnotherLog);
    await until(async () => ((await checkpointOf(pool, generation))?.epoch ?? 0) > 0);
    const rows = await rowsOf(pool, generation);
    await off();
    await on('yesterday');
    await ended;
    expect(await rowsOf(pool, generation)).toEqual(rows);
  }, 60_000);

  it('is told from another one, which begins with another event', async () => {
    await twoDays();
    await off();
    await on('elsewhere');
    await traded('second', 30);
    await expect(projecting()).rejects.toThrow('it is another log');
  }, 60_000);
});
