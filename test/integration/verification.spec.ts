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
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createPool } from '../../src/platform/postgres.js';
import { everyKind } from '../support/every-kind.js';
import { project } from '../support/projecting.js';
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

async function verified(ledger?: string): Promise<string[]> {
  const { findings } = await verifyReadModels({
    ...{ store, pool, tables: TABLES, ledger, auditUpTo: undefined, signal },
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
