import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import pg from 'pg';
import { migrate } from '../../src/platform/migrations.js';
import { temporaryPostgres } from '../support/postgres-process.js';

let postgres: Awaited<ReturnType<typeof temporaryPostgres>>;
let base: string;
let databases = 0;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'daybook-migrations-'));
  postgres = await temporaryPostgres();
}, 60_000);

afterAll(async () => {
  await postgres.stop();
  rmSync(base, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<pg.QueryResultRow>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A database of its own for one test. */
async function emptyDatabase(): Promise<string> {
  databases += 1;
  await query(postgres.url, `CREATE DATABASE test_${databases}`);
  const url = new URL(postgres.url);
  url.pathname = `/test_${databases}`;
  return url.href;
}

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(base, 'folder-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const FIRST = { '0001_first.sql': 'CREATE TABLE first (a int);' };
const SECOND_ALONE = { '0002_second.sql': 'CREATE TABLE second (c int);' };
const SECOND = { '0002_second.sql': 'ALTER TABLE first ADD b int; CREATE TABLE second (c int);' };

describe('migrations', () => {
  it('are applied in the order of their numbers, and each once', async () => {
    const databaseUrl = await emptyDatabase();
    const folder = folderWith({ ...SECOND, ...FIRST, 'README.md': 'not a migration' });
    expect(await migrate({ databaseUrl, folder })).toEqual(['0001_first', '0002_second']);
    expect(await query(databaseUrl, 'SELECT a, b FROM first')).toEqual([]);
    expect(await migrate({ databaseUrl, folder })).toEqual([]);
  });

  it('go on where an earlier version stopped', async () => {
    const databaseUrl = await emptyDatabase();
    await migrate({ databaseUrl, folder: folderWith(FIRST) });
    const folder = folderWith({ ...FIRST, ...SECOND });
    expect(await migrate({ databaseUrl, folder })).toEqual(['0002_second']);
  });

  it('run once when several processes start at the same moment', async () => {
    const databaseUrl = await emptyDatabase();
    const slow = { '0001_slow.sql': 'CREATE TABLE slow (a int); SELECT pg_sleep(0.2);' };
    const folder = folderWith(slow);
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ databaseUrl, folder })));
    expect(applied.flat()).toEqual(['0001_slow']);
  });

  it('do not wait for ever for whoever holds their lock, and say who that is', async () => {
    const databaseUrl = await emptyDatabase();
    await query(databaseUrl, "CREATE ROLE curious LOGIN PASSWORD 'curious'");
    const url = new URL(databaseUrl);
    [url.username, url.password] = ['curious', 'curious'];
    const curious = new pg.Client({ connectionString: url.href, application_name: 'a notebook' });
    await curious.connect();
    const { rows } = await curious.query<{ pid: number }>(
      'SELECT pg_advisory_lock($1), pg_backend_pid() AS pid',
      [PG_MIGRATE_LOCK_ID],
    );
    const folder = folderWith(FIRST);
    const told = `a notebook of the login curious.*pg_terminate_backend\\(${rows[0]?.pid}\\)`;
    await expect(migrate({ databaseUrl, folder, lockTimeoutMs: 100 })).rejects.toMatchObject({
      kind: 'infrastructure',
      message: expect.stringMatching(told) as string,
    });
    await curious.end();
    expect(await migrate({ databaseUrl, folder })).toEqual(['0001_first']);
  });

  it('leave nothing behind when one of them fails', async () => {
    const databaseUrl = await emptyDatabase();
    const folder = folderWith({ ...FIRST, '0002_broken.sql': 'CREATE TABLE second (c nonsense);' });
    await expect(migrate({ databaseUrl, folder })).rejects.toThrow(
      'type "nonsense" does not exist',
    );
    expect(await query(databaseUrl, `SELECT to_regclass('first') AS found`)).toEqual([
      { found: null },
    ]);
    // The lock went with the failed attempt.
    expect(await migrate({ databaseUrl, folder: folderWith(FIRST) })).toEqual(['0001_first']);
  });

  it('refuse a database that a newer version has migrated', async () => {
    const databaseUrl = await emptyDatabase();
    await migrate({ databaseUrl, folder: folderWith({ ...FIRST, ...SECOND }) });
    await expect(migrate({ databaseUrl, folder: folderWith(FIRST) })).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('does not know (0002_second)') as string,
    });
  });

  it('refuse a file that was slipped in before one that is applied', async () => {
    const databaseUrl = await emptyDatabase();
    await migrate({ databaseUrl, folder: folderWith(SECOND_ALONE) });
    const folder = folderWith({ ...FIRST, ...SECOND_ALONE });
    await expect(migrate({ databaseUrl, folder })).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('0001_first') as string,
    });
  });

  it('apply a file as a whole, whatever its comments say', async () => {
    const databaseUrl = await emptyDatabase();
    const sql =
      'CREATE TABLE before (a int);\n-- Down migration: there is none.\nCREATE TABLE after (a int);';
    await migrate({ databaseUrl, folder: folderWith({ '0001_comment.sql': sql }) });
    expect(await query(databaseUrl, 'SELECT * FROM after')).toEqual([]);
  });

  it.each([
    ['a name without a number', { 'first.sql': '' }],
    ['two files with one number', { '0001_a.sql': '', '0001_b.sql': '' }],
  ])('refuse %s', async (_what, files) => {
    const databaseUrl = await emptyDatabase();
    await expect(migrate({ databaseUrl, folder: folderWith(files) })).rejects.toMatchObject({
      kind: 'refused',
    });
  });

  it('of this project apply to an empty database, and only once', async () => {
    const databaseUrl = await emptyDatabase();
    expect((await migrate({ databaseUrl })).length).toBeGreaterThan(0);
    expect(await migrate({ databaseUrl })).toEqual([]);
  });
});
