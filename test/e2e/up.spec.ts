// Goal: one command brings up everything; whatever dies comes back; nothing outlives the command.
// Method: the command itself, as a process, with real kills of each process that it started.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { identify } from '../../src/platform/process-identity.js';
import { readRuntime } from '../../src/platform/runtime-file.js';
import {
  COMMAND,
  PROCESSES,
  type Run,
  descendants,
  once,
  pidBelow,
  run,
  runtimeOf,
} from '../support/daybook-process.js';

jest.setTimeout(120_000);

const POLL_MS = 50;
let folder: string;
let up: Run;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-up-'));
  up = daybook('up');
  await once(up, () => up.out().includes('Daybook is ready'));
});

afterAll(async () => {
  up.process.kill('SIGTERM');
  await up.ended;
  rmSync(folder, { recursive: true, force: true });
});

function daybook(...words: string[]): Run {
  return run(COMMAND, words, { DAYBOOK_DATA: folder, PORT: '0' });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    if (up.process.exitCode !== null) throw new Error(`daybook up ended: ${up.err()}`);
    await sleep(POLL_MS);
  }
}

async function answers(path: string): Promise<boolean> {
  return fetch(`${runtimeOf(folder).apiUrl}${path}`, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  );
}

describe('daybook up', () => {
  it('prints four lines and nothing else', () => {
    expect(up.out().trimEnd().split('\n')).toHaveLength(4);
    expect(up.err()).toBe('');
  });

  it('answers, and is ready', async () => {
    expect(await answers('/health')).toBe(true);
    await until(() => answers('/ready'));
  });

  it('lets a newcomer post a first transfer with the two lines to copy', async () => {
    const [token, curl] = up.out().trimEnd().split('\n').slice(2);
    const { stdout } = spawnSync('sh', ['-c', `${token}; printf %s "$TOKEN"`], {
      encoding: 'utf8',
    });
    const [, url, body] = /^curl -s (\S+) .* -d '(.*)'$/.exec(curl ?? '') ?? [];
    const answer = await fetch(url ?? '', {
      method: 'POST',
      headers: { authorization: `Bearer ${stdout}`, 'content-type': 'application/json' },
      body: body ?? '',
    });
    expect(await answer.json()).toMatchObject({ data: { state: 'posted' } });
    expect(answer.status).toBe(201);
  });

  it('gives out a token that the API takes', async () => {
    const token = daybook('token', '--role', 'admin');
    expect(await token.ended).toBe(0);
    const headers = { authorization: `Bearer ${token.out().trim()}` };
    const answer = await fetch(`${runtimeOf(folder).apiUrl}/v1/ledgers`, { headers });
    expect(answer.status).toBe(200);
  });

  it('lets other verbs find its stores', async () => {
    const migrate = daybook('migrate', '--json');
    expect(await migrate.ended).toBe(0);
    expect(JSON.parse(migrate.out())).toEqual({ applied: [] });
  });

  it('gives out a connection string that reads the demo, and is nothing but that', async () => {
    const analyst = daybook('analyst');
    expect(await analyst.ended).toBe(0);
    const client = new pg.Client({ connectionString: analyst.out().trim() });
    await client.connect();
    let names: unknown[] = [];
    // The projector may be about to catch up.
    for (; names.length === 0; await sleep(POLL_MS)) {
      names = (await client.query<{ name: string }>('SELECT name FROM ledger')).rows;
    }
    await client.end();
    expect(names).toEqual([{ name: 'Demo bakery' }]);
  });

  it('keeps everything in its folder from other users', () => {
    for (const file of ['runtime.json', 'jwt-secret', 'ports.json', 'postgres/password']) {
      expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    }
  });

  it('refuses to run twice on one folder, in one line', async () => {
    const second = daybook('up');
    expect(await second.ended).toBe(3);
    expect(second.out()).toBe('');
    expect(second.err()).toMatch(/^daybook: Daybook already runs on .*\n$/);
  });

  it.each([
    ['the API', PROCESSES.api],
    ['the projector', PROCESSES.projector],
    ['the event node', PROCESSES.eventNode],
    ['the host of Postgres', PROCESSES.postgresHost],
    ['Postgres', PROCESSES.postgres],
  ])('brings %s back when it is killed', async (_what, part) => {
    const before = up.err().split(' is back.').length;
    const pid = pidBelow(up, part);
    process.kill(pid, 'SIGKILL');
    await once(up, () => up.err().split(' is back.').length > before);
    expect(pidBelow(up, part)).not.toBe(pid);
    await until(() => answers('/ready'));
  });

  it('stops everything that it started when it is told to stop', async () => {
    const started = [...descendants(up).keys()];
    expect(started.length).toBeGreaterThan(4);
    up.process.kill('SIGINT');
    expect(await up.ended).toBe(0);
    expect(started.filter((pid) => identify(pid) !== undefined)).toEqual([]);
    expect(readRuntime(folder)).toBeUndefined();
  });

  it('leaves nothing behind when it is killed itself, and starts again', async () => {
    up = daybook('up');
    await once(up, () => up.out().includes('Daybook is ready'));
    const started = [...descendants(up).keys()];
    up.process.kill('SIGKILL');
    await up.ended;
    while (started.some((pid) => identify(pid) !== undefined)) await sleep(POLL_MS);

    up = daybook('up');
    await once(up, () => up.out().includes('Daybook is ready'));
    expect(await answers('/health')).toBe(true);
  });
});

describe('daybook up that cannot start', () => {
  it('says in one line that its port is taken', async () => {
    const port = new URL(runtimeOf(folder).apiUrl ?? '').port;
    const other = mkdtempSync(join(tmpdir(), 'daybook-up-'));
    const second = spawn(process.execPath, [COMMAND, 'up'], {
      env: { PATH: process.env['PATH'], DAYBOOK_DATA: other, PORT: port },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    second.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const code = await new Promise((resolve) => second.once('close', resolve));
    expect(code).toBe(4);
    expect(err).toMatch(/^daybook: Port \d+ on 127\.0\.0\.1 is taken: .*\n$/);
    rmSync(other, { recursive: true, force: true });
  });
});
