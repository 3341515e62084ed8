// Goal: one command brings up everything; whatever dies comes back; nothing outlives the command.
// Method: the command itself, as a process, with real kills of each process that it started.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfPresent } from '../../src/platform/private-file.js';
import { identify } from '../../src/platform/process-identity.js';
import { readRuntime, type Runtime } from '../../src/platform/runtime-file.js';

jest.setTimeout(120_000);

const COMMAND = 'dist/src/cli/main.js';
const POLL_MS = 50;
let folder: string;
let up: Up;

interface Up {
  process: ChildProcess;
  ended: Promise<number | string>;
  out: () => string;
  err: () => string;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-up-'));
  up = run('up');
  await until(() => Promise.resolve(up.out().includes('Daybook is ready')));
});

afterAll(async () => {
  up.process.kill('SIGTERM');
  await up.ended;
  rmSync(folder, { recursive: true, force: true });
});

function run(...words: string[]): Up {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    env: { PATH: process.env['PATH'], DAYBOOK_DATA: folder, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { process: child, ended, out: () => written.out, err: () => written.err };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    if (up.process.exitCode !== null) throw new Error(`daybook up ended: ${up.err()}`);
    await sleep(POLL_MS);
  }
}

function runtime(): Runtime {
  const running = readRuntime(folder);
  if (running === undefined) throw new Error('Nothing runs.');
  return running;
}

async function answers(path: string): Promise<boolean> {
  return fetch(`${runtime().apiUrl}${path}`, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  );
}

/** Every process below `daybook up`, with its command line. */
function descendants(): Map<number, string> {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((pid) => [Number(pid), parentOf(pid)]));
  const below = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === up.process.pid || below(parent));
  };
  const found = [...parents.keys()].filter(below);
  return new Map(
    found.map((pid) => [pid, readIfPresent(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? '']),
  );
}

function parentOf(pid: string): number | undefined {
  const stat = readFileIfItStillIs(`/proc/${pid}/stat`);
  return stat === undefined
    ? undefined
    : Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
}

function readFileIfItStillIs(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function pidOf(part: RegExp): number {
  const [found] = [...descendants()].find(([, command]) => part.test(command)) ?? [];
  if (found === undefined) throw new Error(`No process matches ${part}.`);
  return found;
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
    const token = run('token', '--role', 'admin');
    expect(await token.ended).toBe(0);
    const headers = { authorization: `Bearer ${token.out().trim()}` };
    const answer = await fetch(`${runtime().apiUrl}/v1/ledgers`, { headers });
    expect(answer.status).toBe(200);
  });

  it('lets other verbs find its stores', async () => {
    const migrate = run('migrate', '--json');
    expect(await migrate.ended).toBe(0);
    expect(JSON.parse(migrate.out())).toEqual({ applied: [] });
  });

  it('keeps everything in its folder from other users', () => {
    for (const file of ['runtime.json', 'jwt-secret', 'ports.json', 'postgres/password']) {
      expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    }
  });

  it('refuses to run twice on one folder, in one line', async () => {
    const second = run('up');
    expect(await second.ended).toBe(3);
    expect(second.out()).toBe('');
    expect(second.err()).toMatch(/^daybook: Daybook already runs on .*\n$/);
  });

  it.each([
    ['the API', / api $/],
    ['the projector', / projector $/],
    ['the event node', /event-node\/main\.js/],
    ['the host of Postgres', /embedded\/postgres\/main\.js/],
    ['Postgres', /bin\/postgres /],
  ])('brings %s back when it is killed', async (_what, part) => {
    const before = up.err().split(' is back.').length;
    const pid = pidOf(part);
    process.kill(pid, 'SIGKILL');
    await until(() => Promise.resolve(up.err().split(' is back.').length > before));
    expect(pidOf(part)).not.toBe(pid);
    await until(() => answers('/ready'));
  });

  it('stops everything that it started when it is told to stop', async () => {
    const started = [...descendants().keys()];
    expect(started.length).toBeGreaterThan(4);
    up.process.kill('SIGINT');
    expect(await up.ended).toBe(0);
    expect(started.filter((pid) => identify(pid) !== undefined)).toEqual([]);
    expect(readRuntime(folder)).toBeUndefined();
  });

  it('leaves nothing behind when it is killed itself, and starts again', async () => {
    up = run('up');
    await until(() => Promise.resolve(up.out().includes('Daybook is ready')));
    const started = [...descendants().keys()];
    up.process.kill('SIGKILL');
    await up.ended;
    while (started.some((pid) => identify(pid) !== undefined)) await sleep(POLL_MS);

    up = run('up');
    await until(() => Promise.resolve(up.out().includes('Daybook is ready')));
    expect(await answers('/health')).toBe(true);
  });
});

describe('daybook up that cannot start', () => {
  it('says in one line that its port is taken', async () => {
    const port = new URL(runtime().apiUrl ?? '').port;
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
