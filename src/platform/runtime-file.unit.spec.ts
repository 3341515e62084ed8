import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, stillRuns } from './process-identity.js';
import {
  claimDataFolder,
  publishRuntime,
  readRuntime,
  releaseDataFolder,
  type Runtime,
} from './runtime-file.js';

const STORES = {
  eventStoreUrl: 'esdb://127.0.0.1:1',
  databaseUrl: 'postgres://u:pw@127.0.0.1:2/d',
};
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-runtime-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a supervisor left behind that was killed: its id by now belongs to this process. */
function leaveBehind(runtime: Runtime): void {
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify(runtime));
}

describe('a data folder', () => {
  it('has one supervisor at a time', () => {
    const supervisor = claimDataFolder(folder);
    expect(supervisor).toEqual(identify(process.pid));
    publishRuntime(folder, { supervisor, stores: STORES, apiUrl: 'http://127.0.0.1:3000' });
    expect(() => claimDataFolder(folder)).toThrow(
      `Daybook already runs on ${folder} at http://127.0.0.1:3000 (process ${process.pid})`,
    );
  });

  it('tells where its stores answer, to its owner only', () => {
    const supervisor = claimDataFolder(folder);
    expect(readRuntime(folder)).toEqual({ supervisor });
    publishRuntime(folder, { supervisor, stores: STORES });
    expect(readRuntime(folder)?.stores).toEqual(STORES);
    expect(statSync(join(folder, 'runtime.json')).mode & 0o777).toBe(0o600);
  });

  it('can be claimed again once it was given up', () => {
    claimDataFolder(folder);
    releaseDataFolder(folder);
    expect(readRuntime(folder)).toBeUndefined();
    claimDataFolder(folder);
  });

  it('is free when its supervisor was killed, even when somebody else has that id now', () => {
    leaveBehind({ supervisor: { pid: process.pid, began: 'another time' }, stores: STORES });
    expect(readRuntime(folder)).toBeUndefined();
    const supervisor = claimDataFolder(folder);
    expect(JSON.parse(readFileSync(join(folder, 'runtime.json'), 'utf8'))).toEqual({ supervisor });
  });
});

describe('the identity of a process', () => {
  it('is that of no process once the process is gone', () => {
    expect(identify(2 ** 22 + 1)).toBeUndefined();
    expect(stillRuns({ pid: process.pid, began: 'another time' })).toBe(false);
    expect(stillRuns(identify(process.pid)!)).toBe(true);
  });
});
