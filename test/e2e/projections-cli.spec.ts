// `daybook projections` as an operator types it, beside a projector at work.
import { spawn } from 'node:child_process';
import { once as onceEmitted } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { READ_MODELS } from '../../projections/registry.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { type Running } from '../../src/platform/process-frame.js';
import { type Bank, bankOn } from '../support/bank.js';
import { COMMAND, finished, once, runOn } from '../support/daybook-process.js';
import { startTestProjector } from '../support/projector.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';

interface Status {
  projection: string;
  generation: number;
  state: string;
  events: number;
  lag: number;
  caughtUp: boolean;
}

const NAMES = READ_MODELS.map(({ name }) => name);

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let bank: Bank;
let projector: Running;
let pool: Pool;

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  store = eventStoreDb(node.url, pino({ level: 'silent' }));
  bank = bankOn(store, 'bank');
  await bank.trade(40);
  pool = createPool({
    ...{ databaseUrl: postgres.url, applicationName: 'test', logger: pino({ level: 'silent' }) },
  });
  projector = await startTestProjector(stores());
}, 60_000);
afterAll(async () => {
  await projector.stop();
  await pool.end();
  await bank.close();
  await store.close();
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);

const stores = () => ({ eventStoreUrl: node.url, databaseUrl: postgres.url });
const daybook = (...words: string[]) => finished(runOn(stores(), ...words));

async function status(): Promise<Status[]> {
  const { out } = await daybook('projections', 'status', '--json');
  return (JSON.parse(out) as { projections: Status[] }).projections;
}

describe('daybook projections', () => {
  it('lists the read models', async () => {
    const { out: text } = await daybook('projections', 'list');
    expect(text).toContain(`Read models: ${NAMES.join(', ')}\ngeneration 1 · live`);
    const { out } = await daybook('projections', 'list', '--json');
    expect(JSON.parse(out)).toMatchObject({
      projections: NAMES,
      generations: [{ generation: 1, state: 'live', replaced: null }],
      changes: [
        { generation: 1, change: 'made live', actor: 'projector' },
        { generation: 1, change: 'begun', actor: 'projector' },
      ],
    });
  });

  it('says how far each is', async () => {
    let statuses = await status();
    while (!statuses.every(({ caughtUp }) => caughtUp)) statuses = await status();
    const common = { generation: 1, state: 'live', events: bank.events(), lag: 0, caughtUp: true };
    expect(statuses).toMatchObject(NAMES.map((projection) => ({ projection, ...common })));
    const { code, out } = await daybook('projections', 'status');
    expect(code).toBe(0);
    expect(out).toContain(`${bank.events()} events · caught up`);
  }, 60_000);

  it('watches them until it is stopped, and shows what changes', async () => {
    const watching = runOn(stores(), 'projections', 'status', '--watch');
    await once(watching, () => watching.out().includes('caught up'));
    const shown = watching.out().length;
    await bank.trade(1);
    await once(watching, () => watching.out().slice(shown).includes(`${bank.events()} events`));
    watching.process.kill('SIGINT');
    expect([await watching.ended, watching.err()]).toEqual([0, '']);
  }, 60_000);

  it('does not end well when nobody can have the result', async () => {
    const full = openSync('/dev/full', 'w');
    const env = { PATH: process.env['PATH'] };
    const telling = spawn(process.execPath, [COMMAND, '--help'], {
      env,
      stdio: ['ignore', full, 'ignore'],
    });
    expect(await onceEmitted(telling, 'exit')).toEqual([4, null]);
    closeSync(full);
  });

  it('rebuilds them and goes on with the new ones', async () => {
    const rebuilt = await daybook('projections', 'rebuild', '--all', '--json');
    expect(rebuilt.code).toBe(0);
    expect(JSON.parse(rebuilt.out)).toMatchObject({
      ...{ generation: 2, replaced: 1, events: bank.events() },
      comparison: { live: 1, next: 2, tables: [], shapes: [] },
    });
    await bank.trade(5);
    let statuses = await status();
    while (statuses[0]?.events !== bank.events()) statuses = await status();
    expect(statuses.map(({ generation, state }) => [generation, state])).toEqual(
      NAMES.map(() => [2, 'live']),
    );
    const told = await daybook('projections', 'rebuild', 'account');
    expect(told.err).toContain('account is built with the others');
    expect(told.err).toMatch(/Applying 100% \(\d+ of \d+ events/);
    expect(told.out).toContain('Generation 3 has the rows of the live generation 2');
    expect(told.out).toContain('It replaced generation 2');
  }, 60_000);

  it('stops in front of differences, shows them, and swaps when told to', async () => {
    await pool.query(`UPDATE rm_3.account SET balance = 7 WHERE address = 'customers:1'`);
    await daybook('projections', 'drop', '--retired');
    const rebuilt = await daybook('projections', 'rebuild', '--all');
    expect(rebuilt.code).toBe(1);
    expect(rebuilt.out).toContain('account: 1 changed (balance)');
    expect(rebuilt.out).toMatch(/bank customers:1: 1 changed \(balance\); first at revision \d+/);
    expect(rebuilt.out).toContain('projections swap --all --accept-differences');
    const diff = await daybook('projections', 'diff', 'account', '--json');
    expect(diff.code).toBe(1);
    expect(JSON.parse(diff.out)).toMatchObject({ tables: [{ table: 'account', changed: 1 }] });
    expect((await daybook('projections', 'diff', 'entry')).code).toBe(0);
    const refused = await daybook('projections', 'swap', '--all');
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('differs')]);
    const swapped = await daybook('projections', 'swap', '--all', '--accept-differences', '--json');
    expect(JSON.parse(swapped.out)).toMatchObject({ generation: 4, replaced: 3 });
    const back = await daybook('projections', 'rollback', '--all', '--reason', 'a drill');
    expect([back.code, back.out]).toEqual([0, 'Generation 3 is live; generation 4 is kept.\n']);
    const forth = await daybook('projections', 'swap', '--all', '--generation', '4');
    expect(forth.code).toBe(3);
    await daybook('projections', 'swap', '--all', '--generation', '4', '--accept-differences');
  }, 60_000);

  it('pauses, says so, and resumes', async () => {
    const paused = await daybook('projections', 'pause', '--all', '--reason', 'disk is full');
    expect([paused.code, paused.out]).toEqual([0, expect.stringContaining('Paused generation 4')]);
    const before = await status();
    await bank.trade(5);
    expect((await daybook('projections', 'status')).out).toContain(': disk is full');
    const after = await status();
    expect(after.map(({ events }) => events)).toEqual(before.map(({ events }) => events));
    expect((await daybook('projections', 'pause', '--all')).out).toContain('paused already');
    expect((await daybook('projections', 'resume', '--all')).out).toContain('Resumed generation 4');
    expect((await daybook('projections', 'resume', '--all')).out).toContain('Nothing is paused');
    while ((await status())[0]?.events !== bank.events()) continue;
    const { out } = await daybook('projections', 'list', '--json');
    const { changes } = JSON.parse(out) as { changes: object[] };
    expect(changes.slice(0, 2)).toMatchObject([
      { generation: 4, change: 'resumed' },
      { generation: 4, change: 'paused', reason: 'disk is full' },
    ]);
  }, 60_000);

  it.each([
    [2, ['drop'], '--retired'],
    [2, ['drop', '99'], 'There is no generation 99'],
    [2, ['drop', 'all'], 'whole number'],
    [3, ['drop', '4'], 'is the live one'],
    [2, ['diff', '--all'], 'projections rebuild --all --no-swap'],
    [2, ['diff', '--all', '--generation', '99'], 'There is no generation 99'],
    [2, ['swap', '--all'], 'No generation was built'],
    [2, ['swap', '--all', '--generation', '4'], 'is the live one itself'],
    [2, ['swap'], '--all'],
    [2, ['rollback', 'balances'], '"balances"'],
    [2, ['rebuild', '--all', '--rate', '0'], 'whole number'],
    [2, ['rebuild', '--all', '--to-position', '-1'], 'position'],
    [2, ['pause', '--generation', '99'], 'There is no generation 99'],
    [2, ['pause', '--generation', '3'], 'is retired'],
    [2, ['resume'], '--all'],
  ])('exits with %i for %j', async (code, words, message) => {
    const told = await daybook('projections', ...words);
    expect([told.code, told.err]).toEqual([code, expect.stringContaining(message)]);
  });

  it('asks which, and knows which there are', async () => {
    const which = await daybook('projections', 'rebuild');
    expect([which.code, which.err]).toEqual([2, expect.stringContaining('--all')]);
    const unknown = await daybook('projections', 'rebuild', 'balances');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('"balances"')]);
  });
});
