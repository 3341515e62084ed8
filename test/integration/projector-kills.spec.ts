// A projector process is killed at every point of its transaction, over and over, each time while Postgres
// holds it right there: afterwards every event counts once, and the rows are those of a rebuild.
import { type PoolClient } from 'pg';
import { schemaOf } from '../../projections/engine/generations.js';
import { bankOnFreshLogs } from '../support/bank-on-stores.js';
import {
  type ProjectorProcess,
  checkpointOf,
  eventsApplied,
  foldedRows,
  live,
  rowsOf,
  spawnProjector,
  until,
} from '../support/projecting.js';

/** At each point. Starting a projector again takes a second, so that it is 20 only when asked for. */
const KILLS = Number(process.env['DAYBOOK_TEST_KILLS'] ?? 5);
const TRANSFERS = 10;
const PATIENCE_MS = 30_000 + KILLS * 15_000;

const its = bankOnFreshLogs();
let traded = 0;

beforeAll(async () => {
  await its.pool.query(`
    CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER wait_at_commit AFTER UPDATE ON daybook.checkpoint
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit()`);
}, 60_000);
beforeEach(async () => {
  traded = 0;
  await trade();
});

async function trade(): Promise<void> {
  await its.bank.trade(TRANSFERS);
  traded += TRANSFERS;
}

/** Makes Postgres hold the next batch at some point, for as long as the transaction lasts. */
type Hold = (database: PoolClient, schema: string) => Promise<unknown>;

const POINTS: readonly (readonly [point: string, hold: Hold])[] = [
  [
    'before its checkpoint moves',
    (database) => database.query('SELECT FROM daybook.checkpoint FOR UPDATE'),
  ],
  [
    // The same key, not yet committed: whoever adds the row waits for what becomes of it.
    'when the checkpoint is moved and its rows are half written',
    (database, schema) =>
      database.query(
        `INSERT INTO ${schema}.transfer SELECT (jsonb_populate_record(t, $1)).*
         FROM ${schema}.transfer t WHERE id = 'transfer-0'`,
        [{ id: `transfer-${traded}` }],
      ),
  ],
  [
    'when all is written and it commits',
    (database) => database.query('SELECT pg_advisory_xact_lock(1)'),
  ],
];

/** A projector that has taken over, and has nothing left to apply. */
async function projecting(generation: number): Promise<ProjectorProcess> {
  const epoch = async () => (await checkpointOf(its.pool, generation))?.epoch ?? 0;
  const before = await epoch();
  const projector = spawnProjector({ eventStoreUrl: its.node.url, databaseUrl: its.postgres.url });
  await until(async () => (await epoch()) > before);
  await until(async () => (await eventsApplied(its.pool)) === its.bank.events());
  return projector;
}

async function isHeld(): Promise<boolean> {
  const { rows } = await its.pool.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'daybook-projector'
       AND wait_event_type = 'Lock' AND query LIKE 'WITH advanced AS%'`,
  );
  return rows.length > 0;
}

async function expectFolded(generation: number): Promise<void> {
  const last = await projecting(generation);
  last.child.kill('SIGTERM');
  expect(await last.exited).toBe(0);
  const rows = await rowsOf(its.pool, generation);
  expect(rows['transfer']).toHaveLength(traded);
  expect(await foldedRows(its.pool, its.store)).toEqual(rows);
}

describe(`a projector that is killed ${KILLS} times`, () => {
  it.each(POINTS)(
    '%s loses and repeats nothing',
    async (_point, hold) => {
      const generation = await live(its.pool);
      for (let kills = 0; kills < KILLS; kills += 1) {
        const { child, exited } = await projecting(generation);
        const holder = await its.pool.connect();
        await holder.query('BEGIN');
        await hold(holder, schemaOf(generation));
        await trade();
        await until(isHeld);
        child.kill('SIGKILL');
        await exited;
        await holder.query('ROLLBACK');
        holder.release();
      }
      await expectFolded(generation);
    },
    PATIENCE_MS,
  );

  it(
    'right after it has committed loses and repeats nothing',
    async () => {
      const generation = await live(its.pool);
      for (let kills = 0; kills < KILLS; kills += 1) {
        const { child, exited } = await projecting(generation);
        const applied = its.bank.events();
        await Promise.all([trade(), until(async () => (await eventsApplied(its.pool)) > applied)]);
        child.kill('SIGKILL');
        await exited;
      }
      await expectFolded(generation);
    },
    PATIENCE_MS,
  );
});
