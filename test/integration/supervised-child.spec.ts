// Goal: a supervised process is there as long as its supervisor wants it, and gone when it does not.
// Method: small real processes that die, hang or refuse to go.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SupervisedChild, type ChildSpec } from '../../src/cli/up/supervised-child.js';
import { readIfPresent } from '../../src/platform/private-file.js';
import { identify } from '../../src/platform/process-identity.js';

const POLL_MS = 10;
const READY = `
  import { appendFileSync } from 'node:fs';
  appendFileSync(process.argv[2], process.pid + '\\n');
  process.on('disconnect', () => process.exit(0));
  const ready = () => process.send({ type: 'ready', port: 1 });
`;
const OBEDIENT = `${READY} process.on('SIGTERM', () => process.exit(0)); ready();`;
const STUBBORN = `
  ${READY}
  import { spawn } from 'node:child_process';
  process.on('SIGTERM', () => undefined);
  const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  appendFileSync(process.argv[2], grandchild.pid + '\\n');
  ready();
`;

let folder: string;
let notes: string[];
let child: SupervisedChild;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-child-'));
  notes = [];
});

afterEach(() => {
  child.kill();
  rmSync(folder, { recursive: true, force: true });
});

function supervise(source: string, limits: Partial<ChildSpec> = {}): SupervisedChild {
  const script = join(folder, 'child.mjs');
  writeFileSync(script, source);
  const spec: ChildSpec = {
    label: 'sample',
    script,
    arguments: [join(folder, 'pids')],
    environment: process.env,
    logFile: join(folder, 'logs', 'sample.log'),
    startTimeoutMs: 20_000,
    stopTimeoutMs: 10_000,
    ...limits,
  };
  child = new SupervisedChild(spec, (line) => notes.push(line));
  return child;
}

function pids(): number[] {
  const lines = readIfPresent(join(folder, 'pids'))?.trim().split('\n') ?? [];
  return lines.map(Number);
}

function runs(pid: number): boolean {
  return identify(pid) !== undefined;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(POLL_MS);
}

describe('a supervised process', () => {
  it('says that it is ready and stops when told', async () => {
    await expect(supervise(OBEDIENT).start()).resolves.toEqual({ type: 'ready', port: 1 });
    const [pid] = pids();
    await child.stop();
    expect(runs(pid!)).toBe(false);
    expect(notes).toEqual([]);
  });

  it('is started again whenever it dies, and this is told', async () => {
    await supervise(OBEDIENT).start();
    for (const run of [1, 2]) {
      process.kill(pids().at(-1)!, 'SIGKILL');
      await until(() => pids().length === run + 1 && notes.length === 2 * run);
    }
    expect(notes[0]).toContain('The sample ended with SIGKILL; starting it again');
    expect(notes[1]).toBe('The sample is back.');
    await child.stop();
    expect(pids().filter(runs)).toEqual([]);
  });

  it('that is being started again stays away once it is told to stop', async () => {
    await supervise(OBEDIENT).start();
    process.kill(pids()[0]!, 'SIGKILL');
    await until(() => notes.length === 1);
    await child.stop();
    expect(pids().filter(runs)).toEqual([]);
  });

  it('is ended with everything it started when it does not stop in time', async () => {
    await supervise(STUBBORN, { stopTimeoutMs: 100 }).start();
    expect(pids().filter(runs)).toHaveLength(2);
    await child.stop();
    await until(() => pids().filter(runs).length === 0);
    expect(notes).toEqual(['The sample did not stop in time and is killed.']);
  });
});

describe('a start that fails', () => {
  it('tells how it ended and what it wrote last', async () => {
    const start = supervise(`console.error('the disk is full'); process.exit(7);`).start();
    await expect(start).rejects.toMatchObject({
      kind: 'infrastructure',
      message: expect.stringMatching(/ended with exit code 7.*the disk is full/s) as string,
    });
  });

  it('passes on what the process says about it, in one line', async () => {
    const source = `process.send({ type: 'failed', message: 'The disk is full.' }, () => process.exit(4));`;
    const start = supervise(source).start();
    const log = join(folder, 'logs', 'sample.log');
    await expect(start).rejects.toThrow(
      new Error(`The sample did not start: The disk is full. (Its log: ${log})`),
    );
  });

  it('is given up when it takes too long', async () => {
    const silent = `${READY} setInterval(() => {}, 1000);`;
    const start = supervise(silent, { startTimeoutMs: 300 }).start();
    await expect(start).rejects.toThrow('was not ready after 0.3 s');
    await until(() => pids().filter(runs).length === 0);
  });
});
