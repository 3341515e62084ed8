// Rebuilds beside a projector at work: interrupted, killed, paused, dropped. Whatever happens, the live
// read models answer, and what was built in the end is what the log says.
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { BuildStopped } from '../../projections/engine/build.js';
import { withConnection } from '../../projections/engine/connection.js';
import { dropGeneration } from '../../projections/engine/drop-generation.js';
import {
  type Generation,
  type Pause,
  readGenerations,
  schemaOf,
} from '../../projections/engine/generations.js';
import { pauseOf, resumeOf } from '../../projections/engine/pauses.js';
import { keepProjecting } from '../../projections/engine/projector.js';
import { LiveIsPaused } from '../../projections/engine/swap.js';
import {
  Differs,
  MaintenanceRunning,
  diff,
  dropOf,
  rollback,
  swapIn,
} from '../../projections/engine/maintenance.js';
import { type RebuildOptions, rebuild } from '../../projections/engine/rebuild.js';
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { type Answer, QUERIES, QUERY_INTERVAL_MS, answered } from '../support/asking-views.js';
import { bankOnOneLog } from '../support/bank-on-stores.js';
import { runOn } from '../support/daybook-process.js';
import {
  UNWATCHED,
  checkpointOf,
  delivering,
  live,
  project,
  rowsOf,
} from '../support/projecting.js';

const log = pino({ level: 'silent' });
const CAUSE = { actor: 'test', reason: 'maintenance' };

const its = bankOnOneLog(300);

// Every test begins with a first generation that is empty.
beforeEach(() => live(its.pool));

const rebuilt = (options: Partial<RebuildOptions> = {}) =>
  rebuild({ ...its, ...UNWATCHED, ...options });

/** The live generation with the whole log applied, and its rows. */
async function upToDate() {
  const generation = await live(its.pool);
  await project(its.pool, its.store);
  return { generation, rows: await rowsOf(its.pool, generation) };
}

async function unfinished(): Promise<Generation | undefined> {
  return (await readGenerations(its.pool)).find(({ state }) => state === 'building');
}

/** Tables of which Postgres does not know how much is in them. */
async function unknownToThePlanner(generation: number): Promise<string[]> {
  const { rows } = await its.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples < 0
       AND relnamespace::regnamespace::text = $1 ORDER BY relname`,
    [schemaOf(generation)],
  );
  return rows.map(({ name }) => name);
}

async function eventsBuilt(): Promise<number> {
  const building = await unfinished();
  return Number((building && (await checkpointOf(its.pool, building.number)))?.events ?? 0);
}

/** The store, which stops delivering before this revision until it is told to go on. */
function stoppingAt(revision: number) {
  let goOn = () => {};
  const later = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let reached = () => {};
  const there = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const stopping = delivering(its.store, async function* (all) {
    for await (const item of all) {
      if (!('kind' in item) && item.revision === revision) {
        reached();
        await later;
      }
      yield item;
    }
  });
  return { store: stopping, there, goOn: () => goOn() };
}

describe('a rebuild', () => {
  it('is swapped in, and rolled back, while queries run: none fails, and none goes back', async () => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const projecting = keepProjecting({
      store: its.store,
      pool: its.pool,
      log,
      signal,
      onWorking: () => undefined,
    });
    let working = true;
    const trading = (async () => {
      while (working) await its.bank.trade(10);
    })();
    const seen: Answer[][] = [[], [], []];
    const querying = seen.map(async (answers, client) => {
      for (; working; await delay(QUERY_INTERVAL_MS))
        answers.push(await answered(its.pool, QUERIES[client]));
    });
    while ((await answered(its.pool, QUERIES[0])).position === 0n) await delay(5);
    const swaps: number[] = [];
    for (let times = 0; times < 2; times += 1) {
      swaps.push((await rebuilt()).generation);
      swaps.push((await rollback({ ...its, ...UNWATCHED })).generation);
    }
    working = false;
    await Promise.all([trading, ...querying]);
    for (const answers of seen) {
      const positions = answers.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((one, other) => (one < other ? -1 : 1)));
    }
    const generations = seen.flat().map(({ generation }) => generation);
    expect(swaps.filter((swapped) => !generations.includes(swapped))).toEqual([]);
    while ((await answered(its.pool, QUERIES[0])).revision < its.bank.events() - 1) await delay(5);
    stopping.abort();
    await projecting;
    const rows = await rowsOf(its.pool, swaps.at(-1) ?? 0);
    expect(await rowsOf(its.pool, (await rebuilt()).generation)).toEqual(rows);
  }, 120_000);

  it('that is interrupted changes nothing, and the next one goes on where it stopped', async () => {
    const { generation, rows } = await upToDate();
    const stopping = new AbortController();
    const { store: halting, goOn } = stoppingAt(100);
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }) => {
      seen.push(done);
      stopping.abort();
      goOn();
    };
    const { signal } = stopping;
    await expect(rebuilt({ store: halting, signal, onProgress })).rejects.toThrow(BuildStopped);
    expect(await live(its.pool)).toBe(generation);
    expect(await rowsOf(its.pool, generation)).toEqual(rows);
    const begun = await unfinished();
    const builtBefore = await eventsBuilt();
    expect(builtBefore).toBe(seen.at(-1));
    const continued: number[] = [];
    const next = await rebuilt({ onProgress: ({ done }) => continued.push(done) });
    expect(next.generation).toBe(begun?.number);
    expect(next.comparison?.tables).toEqual([]);
    expect(continued[0]).toBeGreaterThan(builtBefore);
    expect(await unknownToThePlanner(next.generation)).toEqual([]);
    expect(await rowsOf(its.pool, next.generation)).toEqual(rows);
  });

  it('that is killed, again and again, goes on where it stopped', async () => {
    const { rows } = await upToDate();
    let builtBefore = 0;
    const numbers = new Set<number | undefined>();
    for (let kills = 0; kills < 3; kills += 1) {
      const it = daybook('projections', 'rebuild', '--all', '--rate', '100');
      while ((await eventsBuilt()) <= builtBefore) await delay(5);
      it.process.kill('SIGKILL');
      expect(await it.ended).toBe('SIGKILL');
      expect(await eventsBuilt()).toBeGreaterThan(builtBefore);
      builtBefore = await eventsBuilt();
      numbers.add((await unfinished())?.number);
    }
    const last = daybook('projections', 'rebuild', '--all', '--json');
    expect(await last.ended).toBe(0);
    const { generation } = JSON.parse(last.out()) as { generation: number };
    expect([...numbers]).toEqual([generation]);
    expect(await rowsOf(its.pool, generation)).toEqual(rows);
  }, 60_000);

  it('that was begun by an older version, or from another log, begins anew', async () => {
    const { rows } = await upToDate();
    await its.pool.query(
      `INSERT INTO daybook.generation (number, state, version) VALUES (7, 'building', 1)`,
    );
    await its.pool.query('INSERT INTO daybook.checkpoint (generation) VALUES (7)');
    const { generation } = await rebuilt();
    expect(generation).toBe(8);
    await its.pool.query(
      `INSERT INTO daybook.generation (number, state, version)
       SELECT 9, 'building', version FROM daybook.generation WHERE state = 'live'`,
    );
    await its.pool.query(
      `INSERT INTO daybook.checkpoint (generation, position, event_id, event_hash, ledger, revision, recorded_at)
       VALUES (9, 1, gen_random_uuid(), 'x', 'elsewhere', 0, now())`,
    );
    expect((await rebuilt()).generation).toBe(10);
    expect(await rowsOf(its.pool, 10)).toEqual(rows);
    const { rows: drops } = await its.pool.query<{ generation: number; reason: string }>(
      `SELECT generation, reason FROM daybook.generation_change
       WHERE change = 'dropped' AND generation IN (7, 9) ORDER BY id`,
    );
    expect(drops).toEqual([
      { generation: 7, reason: 'unfinished, and of version 1' },
      { generation: 9, reason: 'unfinished, and of another log' },
    ]);
  });

  it('is one at a time', async () => {
    const { store: halting, there, goOn } = stoppingAt(0);
    const first = rebuilt({ store: halting });
    await there;
    await expect(rebuilt()).rejects.toThrow(MaintenanceRunning);
    goOn();
    expect((await first).events).toBe(its.bank.events());
  });

  it('waits while it is paused, and goes on when it is resumed', async () => {
    const { rows } = await upToDate();
    const { store: halting, there, goOn } = stoppingAt(100);
    let onPaused: (pause: Pause) => void = () => {};
    const paused = new Promise<Pause>((resolve) => {
      onPaused = resolve;
    });
    const building = rebuilt({ store: halting, onPaused });
    await there;
    const number = (await unfinished())?.number ?? 0;
    const change = (what: typeof pauseOf) =>
      withConnection(its.pool, (database) => what(database, number, CAUSE));
    expect(await change(pauseOf)).toEqual([number]);
    expect(await change(pauseOf)).toEqual([]);
    goOn();
    expect(await paused).toMatchObject(CAUSE);
    expect(await eventsBuilt()).toBeLessThan(its.bank.events());
    expect(await change(resumeOf)).toEqual([number]);
    expect(await change(resumeOf)).toEqual([]);
    expect((await building).generation).toBe(number);
    expect(await rowsOf(its.pool, number)).toEqual(rows);
  });

  it('stops when what it builds is dropped', async () => {
    const { generation, rows } = await upToDate();
    const { store: halting, there, goOn } = stoppingAt(100);
    const building = rebuilt({ store: halting });
    await there;
    const number = (await unfinished())?.number ?? 0;
    await withConnection(its.pool, (database) => dropGeneration(database, number, CAUSE));
    goOn();
    await expect(building).rejects.toThrow(`Generation ${number} was dropped`);
    expect(await readGenerations(its.pool)).toMatchObject([{ number: generation, state: 'live' }]);
    expect(await rowsOf(its.pool, generation)).toEqual(rows);
    expect((await rebuilt()).generation).toBe(number + 1);
  });
});

describe('a comparison', () => {
  const PLANTED = [
    ['account', `UPDATE %s.account SET balance = balance + 1 WHERE address = 'customers:3'`],
    [
      'entry',
      `DELETE FROM %s.entry WHERE account = 'customers:4'
       AND revision = (SELECT min(revision) FROM %s.entry WHERE account = 'customers:4')`,
    ],
    [
      'ledger',
      `INSERT INTO %s.ledger
       SELECT (jsonb_populate_record(one, '{"ledger": "phantom"}')).* FROM %s.ledger AS one`,
    ],
    ['transfer', `UPDATE %s.transfer SET metadata = '{"planted": true}' WHERE revision = 30`],
  ] as const;

  it('names what was changed by hand, by table, account and first event', async () => {
    const { generation, rows } = await upToDate();
    const schema = `rm_${generation}`;
    const first = await its.pool.query<{ revision: string; event_id: string }>(
      `SELECT revision, event_id FROM ${schema}.entry WHERE account = 'customers:4'
       ORDER BY revision LIMIT 1`,
    );
    for (const [, statement] of PLANTED) await its.pool.query(statement.replaceAll('%s', schema));
    const built = await rebuilt();
    expect(built.replaced).toBeNull();
    expect(await live(its.pool)).toBe(generation);
    expect(await rowsOf(its.pool, built.generation)).toEqual(rows);
    const found = built.comparison?.tables ?? [];
    expect(found.map(({ table }) => table).sort()).toEqual(PLANTED.map(([table]) => table).sort());
    const of = (table: string) => found.find((one) => one.table === table);
    expect(of('account')).toMatchObject({
      ...{ changed: 1, onlyInLive: 0, onlyInNext: 0, columns: ['balance'] },
      accounts: [{ ledger: 'bank', account: 'customers:3' }],
    });
    const [{ revision, event_id: id } = { revision: '', event_id: '' }] = first.rows;
    const place = { revision: Number(revision), id };
    expect(of('entry')).toMatchObject({
      ...{ changed: 0, onlyInLive: 0, columns: [] },
      accounts: [{ ledger: 'bank', account: 'customers:4', firstEvent: place }],
    });
    expect(of('ledger')).toMatchObject({
      ...{ changed: 0, onlyInLive: 1, onlyInNext: 0 },
      accounts: [{ ledger: 'phantom', account: null }],
    });
    expect(of('transfer')).toMatchObject({
      ...{ changed: 1, columns: ['metadata'] },
      accounts: [{ ledger: 'bank', firstEvent: { revision: 30 } }],
    });
    const options = { ...its, ...UNWATCHED };
    const again = await diff(options, undefined, (table) => table === 'entry');
    expect(again.tables).toEqual([of('entry')]);
    await expect(swapIn(options, { acceptDifferences: false })).rejects.toThrow(Differs);
    expect(await live(its.pool)).toBe(generation);
    const swapped = await swapIn(options, { acceptDifferences: true });
    expect(swapped).toMatchObject({ generation: built.generation, replaced: generation });
    expect(await live(its.pool)).toBe(built.generation);
  }, 60_000);

  it('lists what only one of two versions has, and lets those take its place', async () => {
    const { generation } = await upToDate();
    const schema = `rm_${generation}`;
    await its.pool.query(`ALTER TABLE ${schema}.account ADD COLUMN mood text DEFAULT 'calm'`);
    await its.pool.query(`CREATE TABLE ${schema}.rumour (id text PRIMARY KEY)`);
    await its.pool.query(`UPDATE ${schema}.account SET version = version + 1`);
    await its.pool.query('UPDATE daybook.generation SET version = version - 1');
    const built = await rebuilt();
    expect(built.replaced).toBe(generation);
    expect(built.comparison?.tables).toMatchObject([{ table: 'account', columns: ['version'] }]);
    expect(built.comparison?.shapes).toEqual([
      { table: 'rumour', column: null, in: 'live' },
      { table: 'account', column: 'mood', in: 'live' },
    ]);
    const back = rollback({ ...its, ...UNWATCHED });
    await expect(back).rejects.toThrow('use the release of Daybook that made it');
  });
});

describe('the way back', () => {
  it('leads to the generation that was live before, which has caught up', async () => {
    const { generation } = await upToDate();
    const { generation: second } = await rebuilt();
    await its.bank.trade(20);
    await project(its.pool, its.store);
    const rows = await rowsOf(its.pool, second);
    const options = { ...its, ...UNWATCHED };
    expect(await rollback(options)).toMatchObject({ generation, replaced: second });
    expect(await rowsOf(its.pool, generation)).toEqual(rows);
    const { rows: shown } = await its.pool.query('SELECT generation FROM reporting.freshness');
    expect(shown).toEqual([{ generation }]);
    await expect(rollback(options)).resolves.toMatchObject({ generation: second });
  });

  it('is not taken while the live read models are paused', async () => {
    await upToDate();
    await rebuilt();
    await withConnection(its.pool, (database) => pauseOf(database, undefined, CAUSE));
    await expect(rollback({ ...its, ...UNWATCHED })).rejects.toThrow(LiveIsPaused);
    await expect(rebuilt()).rejects.toThrow('paused by test (maintenance)');
  });

  it('ends where a generation was dropped, which makes room for another', async () => {
    await upToDate();
    const { generation: second } = await rebuilt();
    const { generation: third } = await rebuilt();
    await expect(rebuilt({ makeRoom: false })).rejects.toThrow('projections drop 1');
    const dropped = await withConnection(its.pool, (database) =>
      dropOf(database, 'retired', CAUSE),
    );
    expect(dropped).toEqual([1, second]);
    await expect(rollback({ ...its, ...UNWATCHED })).rejects.toThrow(`replaced ${second}`);
    const live = withConnection(its.pool, (database) => dropOf(database, third, CAUSE));
    await expect(live).rejects.toThrow('is the live one');
    await rebuilt({ makeRoom: false });
  });

  it('waits for who still reads its tables when dropped, and ends no query', async () => {
    await upToDate();
    await rebuilt();
    const reader = await its.pool.connect();
    await reader.query('BEGIN; SELECT FROM rm_1.transfer_act');
    const dropped = withConnection(its.pool, (database) => dropOf(database, 'retired', CAUSE));
    // The drop has to wait for one table, and must not hold others meanwhile that are read next.
    const readOn = delay(300).then(() => reader.query('SELECT FROM rm_1.account'));
    await expect(dropped).rejects.toThrow(
      /Generation 1 .* still being read \(process \d+ of daybook/,
    );
    await readOn;
    await reader.query('COMMIT');
    reader.release();
    await withConnection(its.pool, (database) => dropOf(database, 'retired', CAUSE));
    const { rows } = await its.pool.query(`SELECT to_regnamespace('rm_1') AS schema`);
    expect(rows).toEqual([{ schema: null }]);
  }, 60_000);

  it('stays open when another rebuild needs room', async () => {
    await upToDate();
    await rebuilt();
    await rollback({ ...its, ...UNWATCHED });
    await rebuilt();
    await rollback({ ...its, ...UNWATCHED });
    await expect(rebuilt({ makeRoom: false })).rejects.toThrow('projections drop 2');
  });

  it('leaves comments as they are, and puts back those that are gone', async () => {
    await upToDate();
    const comments = async () => {
      const { rows } = await its.pool.query<{ on: string; written: string; description: string }>(
        `SELECT objoid::regclass || '.' || objsubid AS on, pg_description.xmin::text AS written, description
         FROM pg_description JOIN pg_class ON pg_class.oid = objoid
         WHERE relnamespace = 'reporting'::regnamespace AND classoid = 'pg_class'::regclass
         ORDER BY 1`,
      );
      return rows;
    };
    const before = await comments();
    expect(before.length).toBeGreaterThan(100);
    await rebuilt();
    expect(await comments()).toEqual(before);
    await its.pool.query('COMMENT ON COLUMN reporting.entry.amount IS NULL');
    await rebuilt();
    const texts = (all: typeof before) => all.map(({ on, description }) => [on, description]);
    expect(texts(await comments())).toEqual(texts(before));
  });

  it('leads over views that have more columns than these', async () => {
    await upToDate();
    const { rows: views } = await its.pool.query<{ definition: string }>(
      `SELECT pg_get_viewdef('reporting.freshness'::regclass) AS definition`,
    );
    const definition = views[0]?.definition.trim().replace(/;$/, '');
    await its.pool.query(
      `CREATE OR REPLACE VIEW reporting.freshness AS
       SELECT old.*, 1 AS newer FROM (${definition}) AS old`,
    );
    await its.pool.query('CREATE VIEW reporting.newest AS SELECT 1 AS one');
    const { generation } = await rebuilt();
    const { rows } = await its.pool.query('SELECT * FROM reporting.freshness');
    expect(rows).toMatchObject([{ generation }]);
    expect(Object.keys(Object(rows[0]) as object)).not.toContain('newer');
    await expect(its.pool.query('SELECT * FROM reporting.newest')).rejects.toThrow(
      'does not exist',
    );
  });
});

describe('a generation up to some position', () => {
  it('is built, kept apart, and gone on with', async () => {
    const { generation, rows } = await upToDate();
    const { position: toPosition } = await eventAt(60);
    const built = await rebuilt({ toPosition });
    expect(built).toMatchObject({ events: 61, position: String(toPosition), replaced: null });
    expect(await live(its.pool)).toBe(generation);
    await expect(rebuilt({ toPosition: toPosition - 1n })).rejects.toThrow('beyond that position');
    expect((await rebuilt()).generation).toBe(built.generation);
    expect(await rowsOf(its.pool, built.generation)).toEqual(rows);
  });
});

async function eventAt(revision: number): Promise<StoredEvent> {
  for await (const event of its.store.readStream('ledger-bank', { from: revision, limit: 1 }))
    return event;
  throw new Error(`There is no revision ${revision}.`);
}

function daybook(...words: string[]) {
  return runOn({ eventStoreUrl: its.node.url, databaseUrl: its.postgres.url }, ...words);
}
