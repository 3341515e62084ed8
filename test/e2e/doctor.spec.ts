// `daybook doctor` as an operator reads it, in good days and in bad ones.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { READ_MODELS_VERSION } from '../../projections/registry.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { type Running } from '../../src/platform/process-frame.js';
import { createPool } from '../../src/platform/postgres.js';
import { type Bank, bankOn } from '../support/bank.js';
import { COMMAND, finished, run, runOn } from '../support/daybook-process.js';
import { eventsApplied, until } from '../support/projecting.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';

const log = pino({ level: 'silent' });

interface Page {
  ok: boolean;
  diagnoses: { name: string; level: string; said: string; advice: string | null }[];
}

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;
let bank: Bank;
let projector: Running;

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  store = eventStoreDb(node.url, log);
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  bank = bankOn(store, 'bank');
  await bank.trade(5);
  projector = await startTestProjector({ eventStoreUrl: node.url, databaseUrl: postgres.url });
  await caughtUp();
}, 60_000);
afterAll(async () => {
  await bank.close();
  await Promise.all([store.close(), pool.end()]);
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);

const caughtUp = () => until(async () => (await eventsApplied(pool)) === bank.events());

function daybook(...words: string[]) {
  return finished(runOn({ eventStoreUrl: node.url, databaseUrl: postgres.url }, ...words));
}

/** How each thing is, and what is said of those that are not well. */
async function page(): Promise<{ code: unknown; levels: object; ill: Page['diagnoses'] }> {
  const { code, out } = await daybook('doctor', '--json');
  const { diagnoses } = JSON.parse(out) as Page;
  const levels = Object.fromEntries(diagnoses.map(({ name, level }) => [name, level]));
  return { code, levels, ill: diagnoses.filter(({ level }) => level === 'bad') };
}

const verified = (count: number, findings: object[]) =>
  pool.query(
    `INSERT INTO daybook.verification SELECT number, 1, now(), now(), $1, $2 FROM daybook.generation
     ON CONFLICT (generation) DO UPDATE SET finding_count = $1, findings = $2`,
    [count, JSON.stringify(findings)],
  );

const WELL = {
  ...{ 'event store': 'ok', Postgres: 'ok', migrations: 'ok', clocks: 'ok' },
  ...{ 'long transactions': 'ok', analysts: 'ok', projector: 'ok', generations: 'ok' },
  ...{ 'log identity': 'ok', lag: 'ok', 'parked ledgers': 'ok', views: 'ok' },
};

describe('daybook doctor', () => {
  it('finds nothing where all is well, but that nothing was verified yet', async () => {
    expect(await page()).toEqual({ code: 0, levels: { ...WELL, verification: 'warn' }, ill: [] });
    const { code, out } = await daybook('doctor');
    expect(code).toBe(0);
    expect(out).toContain('ok    Postgres           answers, version');
    expect(out).toContain('-> daybook projections verify --all');
    expect(out.trimEnd().split('\n').at(-1)).toBe('0 bad, 1 to be watched.');
  }, 60_000);

  it('is content once everything was verified by hand, as it advised', async () => {
    await daybook('projections', 'verify', 'account');
    expect((await page()).levels).toEqual({ ...WELL, verification: 'warn' });
    expect((await daybook('projections', 'verify', '--all')).code).toBe(0);
    expect((await page()).levels).toEqual({ ...WELL, verification: 'ok' });
  }, 60_000);

  it('shows what was proven, and what verification found', async () => {
    await verified(0, []);
    expect((await page()).levels).toEqual({ ...WELL, verification: 'ok' });
    const place = {
      check: 'rows',
      ledger: 'bank',
      account: 'cash',
      table: 'account',
      key: 'bank, cash',
    };
    const finding = {
      ...place,
      revision: 9,
      eventId: 'e',
      what: 'balance',
      expected: '1',
      found: '2',
    };
    await verified(1, [finding]);
    const { code, levels, ill } = await page();
    expect([code, levels]).toEqual([1, { ...WELL, verification: 'bad' }]);
    expect(ill).toMatchObject([
      {
        said: '1 findings; rows: ledger bank, account cash, table account (bank, cash), revision 9, event e: balance: expected 1, found 2',
        advice: expect.stringContaining('daybook projections verify --all') as string,
      },
    ]);
    await verified(0, []);
  }, 60_000);

  it('names views and functions that were replaced by hand, until they are made anew', async () => {
    await pool.query(`DO $hand$ BEGIN
      EXECUTE format('CREATE OR REPLACE VIEW reporting.account AS SELECT * FROM (%s) AS it WHERE balance > 0',
        rtrim(pg_get_viewdef('reporting.account'::regclass), ';'));
    END $hand$`);
    await pool.query('DROP VIEW reporting.refusal');
    await pool.query('ALTER FUNCTION reporting.balance_as_of SECURITY INVOKER');
    const { code, ill } = await page();
    expect(code).toBe(1);
    const changed = ['function reporting.balance_as_of is another'];
    changed.push('view reporting.account is another', 'view reporting.refusal is gone');
    expect(ill).toMatchObject([{ name: 'views', said: changed.join(', ') }]);
    const verifying = await daybook('projections', 'verify', '--all');
    expect([verifying.code, verifying.out]).toEqual([1, expect.stringContaining(' 3 findings.')]);
    expect(verifying.out).toContain(
      'views: all ledgers, view reporting.refusal: definition: expected',
    );
    expect((await daybook('projections', 'rebuild', '--all')).code).toBe(0);
    expect((await daybook('projections', 'drop', '--retired')).code).toBe(0);
    expect((await page()).levels).toMatchObject({ views: 'ok', generations: 'ok' });
  }, 60_000);

  it('names a parked ledger, tables of another version, a missing migration and a bold analyst', async () => {
    await pool.query(`INSERT INTO daybook.parked_lane (generation, ledger, category, event_id, event_type,
      revision, position, reason, stale_since) SELECT number, 'shop', 'invariant', gen_random_uuid(), 'X',
      7, 9, 'it does not add up', now() FROM daybook.generation`);
    await pool.query('UPDATE daybook.generation SET version = 1');
    await pool.query('UPDATE daybook.checkpoint SET event_hash = repeat($1, 64)', ['0']);
    await pool.query(`DELETE FROM migrations.applied WHERE name LIKE '0002%'`);
    await pool.query('GRANT USAGE ON SCHEMA daybook TO daybook_analyst');
    const { code, ill } = await page();
    expect(code).toBe(1);
    expect(ill.map(({ name, said, advice }) => `${name}: ${said} -> ${advice}`)).toEqual([
      'migrations: 0002_snapshots are missing -> daybook migrate',
      expect.stringContaining('analysts: the role daybook_analyst reads more than "reporting"'),
      `generations: the live one is of version 1, not ${READ_MODELS_VERSION} -> daybook projections rebuild --all`,
      expect.stringContaining('log identity: the log does not hold the last event applied'),
      expect.stringContaining('parked ledgers: 1; shop since revision 7: it does not add up'),
    ]);
  }, 60_000);

  it('says that no projector is at work, and what does not answer', async () => {
    await projector.stop();
    expect((await page()).levels).toMatchObject({ projector: 'bad' });
    await node.stop();
    await postgres.stop();
    const { code, ill } = await page();
    expect(code).toBe(1);
    expect(ill.slice(0, 2)).toMatchObject([
      { name: 'event store', advice: 'start it, or check EVENTSTORE_URL' },
      { name: 'Postgres', advice: 'start it, or check DATABASE_URL' },
    ]);
    await Promise.all([node.restart(), postgres.restart()]);
  }, 120_000);

  it('tells where Daybook is not running at all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'daybook-doctor-'));
    const it = run(COMMAND, ['doctor'], { DAYBOOK_DATA: folder });
    expect(await it.ended).toBe(1);
    expect(it.out()).toContain(`BAD   stores  Daybook is not running on ${folder}`);
    expect(it.out()).toMatch(/disk +\d+\.\d GiB free under/);
    rmSync(folder, { recursive: true });
  });
});
