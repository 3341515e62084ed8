// What proves that the read models are the fold of the log, on real stores.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool } from 'pg';
import { pino } from 'pino';
import { TABLES } from '../../projections/engine/generations.js';
import { keepVerifying } from '../../projections/verify/background/keep-verifying.js';
import { lastVerification } from '../../projections/verify/verification-record.js';
import { findingText } from '../../projections/verify/finding.js';
import { verifyReadModels } from '../../projections/verify/verify-read-models.js';
import { type EventStore, EventStoreUnavailable } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { givingUpWhenAway } from '../../src/event-store/giving-up.js';
import { createPool } from '../../src/platform/postgres.js';
import { everyKind } from '../support/every-kind.js';
import { leg, postTransfer } from '../support/ledger-factories.js';
import { delivering, project } from '../support/projecting.js';
import {
  type TestEventStore,
  type TestPostgres,
  startTestEventStore,
  startTestPostgres,
} from '../support/stores.js';
import { submitterOn } from '../support/submitter.js';

const log = pino({ level: 'silent' });
const signal = new AbortController().signal;

let node: TestEventStore;
let postgres: TestPostgres;
let store: EventStore;
let pool: Pool;

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestEventStore(), startTestPostgres()]);
  store = eventStoreDb(node.url, log);
  pool = createPool({ databaseUrl: postgres.url, applicationName: 'test', logger: log });
  const { submit, close } = submitterOn(store);
  for (const command of everyKind('shop')) await submit('shop', command);
  await close();
  await project(pool, store);
}, 120_000);
afterAll(async () => {
  await Promise.all([pool.end(), store.close()]);
  await Promise.all([node.remove(), postgres.remove()]);
}, 60_000);

describe('the digest of an account', () => {
  it('is what the documented SQL makes of its entries', async () => {
    const [, sql = ''] =
      /^```sql\n(.*?)^```$/ms.exec(readFileSync('docs/verification.md', 'utf8')) ?? [];
    const { rows: accounts } = await pool.query<{ address: string; digest: string }>(
      `SELECT address, digest FROM reporting.account WHERE ledger = 'shop'`,
    );
    expect(new Set(accounts.map(({ digest }) => digest)).size).toBeGreaterThan(5);
    for (const { address, digest } of accounts) {
      const { rows } = await pool.query<{ digest: string }>(sql, ['shop', address]);
      expect([address, rows]).toEqual([address, [{ digest }]]);
    }
  });
});

async function verified(ledger?: string, from = store): Promise<string[]> {
  const { findings } = await verifyReadModels({
    ...{ store: from, pool, tables: TABLES, ledger, auditUpTo: undefined, signal },
    onProgress: () => undefined,
  });
  return findings.told.map(findingText);
}

describe('read models', () => {
  it('are the fold of the log', async () => {
    expect(await verified()).toEqual([]);
    expect(await verified('shop')).toEqual([]);
  });
});

describe('places in the log', () => {
  beforeAll(async () => {
    await pool.query('CREATE TABLE kept_checkpoint AS TABLE daybook.checkpoint');
  });
  afterEach(async () => {
    await pool.query('DELETE FROM daybook.checkpoint');
    await pool.query('INSERT INTO daybook.checkpoint TABLE kept_checkpoint');
    await pool.query('DELETE FROM daybook.parked_lane');
  });

  const NOWHERE = '00000000-0000-8000-8000-000000000000';
  it.each([
    [
      'beyond the end',
      'scanned_position = scanned_position + 1',
      'scanned up to: expected at most',
    ],
    ['of another event', `scanned_event_id = '${NOWHERE}'`, 'or what comes after it, found event'],
    ['before the last event', 'scanned_position = 0', 'scanned up to: expected event'],
    ['forgotten', 'scanned_position = NULL', 'or what comes after it, found nothing'],
    ['of another log', `log_event_id = '${NOWHERE}'`, 'beginning of the log: expected event'],
    ['of the middle', 'log_position = position', 'beginning of the log: expected event'],
    ['of no log', 'log_position = NULL', 'beginning of the log: expected event'],
  ])('of a checkpoint are found when they are %s', async (_what, change, told) => {
    await pool.query(`UPDATE daybook.checkpoint SET ${change}`);
    expect(await verified()).toEqual([
      expect.stringMatching(`^rows: all ledgers, table checkpoint \\(1\\), event .*${told}`),
    ]);
  });

  const park = (revision: string, id: string) =>
    pool.query(`INSERT INTO daybook.parked_lane (generation, ledger, category, event_id, event_type,
      revision, position, reason, stale_since) SELECT generation, ledger, 'invariant', ${id}, 'X',
      ${revision}, position, 'it does not add up', now() FROM daybook.checkpoint`);

  it('of parked ledgers are found where the log has no such event', async () => {
    await park('revision + 1', 'gen_random_uuid()');
    for (const ledger of [undefined, 'shop']) {
      expect(await verified(ledger)).toEqual([
        expect.stringMatching(
          /^rows: ledger shop, table parked_lane \(shop\), .*: row: expected none/,
        ),
      ]);
    }
  });

  it('are found when they are beyond events that were not applied, unless those are parked', async () => {
    const { submit, close } = submitterOn(store);
    await submit('shop', postTransfer('first', [leg('cash', 'ann', '1')]));
    await submit('shop', postTransfer('second', [leg('cash', 'ann', '1')]));
    await close();
    expect(await verified()).toEqual([]);
    const end = await store.lastEvent();
    await pool.query('UPDATE daybook.checkpoint SET scanned_position = $1, scanned_event_id = $2', [
      end?.position.toString(),
      end?.id,
    ]);
    expect(await verified()).toEqual([
      expect.stringMatching(/: scanned up to: expected at most what .*, which is not applied/),
    ]);
    await park('revision + 1', 'gen_random_uuid()');
    expect(await verified()).toEqual([
      expect.stringMatching(
        /^rows: ledger shop, table parked_lane .*: event: expected .*TransferPosted/,
      ),
    ]);
  });
});

describe('the event store', () => {
  it('is not waited for without end when it goes away in the middle', async () => {
    const leaving = delivering(store, async function* (messages) {
      await node.stop();
      yield* messages;
    });
    const patience = { awayMaxMs: 200, lookEveryMs: 50 };
    const verifying = verified(undefined, givingUpWhenAway(leaving, patience));
    await expect(verifying).rejects.toThrow(EventStoreUnavailable);
    await node.restart();
    expect(await verified(undefined, givingUpWhenAway(store, patience))).toEqual([]);
  });
});

describe('verification in the background', () => {
  const stopped = new AbortController();
  afterAll(() => stopped.abort());

  /** What is published, once there are so many findings. */
  async function publishedWith(findingCount: number) {
    for (;;) {
      const last = await lastVerification(pool);
      if (last?.findingCount === findingCount) return last;
      await delay(20);
    }
  }
  const changed = (sign: string) =>
    `UPDATE rm_1.account SET balance = balance ${sign} 1 WHERE address = 'bob'`;

  it('publishes what was verified and what was found, and repairs nothing', async () => {
    const verifier = createPool({
      ...{ databaseUrl: postgres.url, applicationName: 'verifier', logger: log, size: 2 },
    });
    const times = { firstAfterMs: 0, restMs: 10 };
    const verifying = keepVerifying({ store, pool: verifier, log, times, signal: stopped.signal });
    const position = (
      await pool.query<{ position: string }>('SELECT position FROM reporting.freshness')
    ).rows[0]?.position;
    const proven = { verifiedPosition: position, findingCount: 0, findings: [] };
    expect(await publishedWith(0)).toMatchObject(proven);
    await pool.query(changed('+'));
    expect(await publishedWith(1)).toMatchObject({
      verifiedPosition: position,
      findings: [{ table: 'account', account: 'bob', what: 'balance' }],
    });
    await pool.query(changed('-'));
    expect(await publishedWith(0)).toMatchObject(proven);
    stopped.abort();
    await verifying;
    await verifier.end();
    const { rows } = await pool.query<object>(
      'SELECT verified_position, verified_at IS NOT NULL AS told FROM reporting.freshness',
    );
    expect(rows).toEqual([{ verified_position: position, told: true }]);
  }, 60_000);
});
