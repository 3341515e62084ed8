// Postgres refuses to run as root. Under root it runs as the user `postgres`, which is created when
// the system has none; any other user runs it as themselves.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POSTGRES_USER = 'postgres';
const COMMAND_TIMEOUT_MS = 20_000;

/** What to hand to `spawn`; empty when the process keeps its own user. */
export type OperatingUser = { uid: number; gid: number } | Record<string, never>;

/** The user Postgres runs as. Throws, with advice, when root cannot create one. */
export async function operatingUser(): Promise<OperatingUser> {
  if (process.getuid?.() !== 0) return {};
  const existing = await lookUp();
  if (existing !== undefined) return existing;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', POSTGRES_USER], {
      timeout: COMMAND_TIMEOUT_MS,
    });
  } catch (error) {
    throw new Error(
      'Postgres does not run as root, and the user "postgres" could not be created: create it, ' +
        'start Daybook as an ordinary user, or set DATABASE_URL.',
      { cause: error },
    );
  }
  const created = await lookUp();
  if (created === undefined) throw new Error('The user "postgres" was created but is not found.');
  return created;
}

async function lookUp(): Promise<OperatingUser | undefined> {
  try {
    return { uid: await idOf('-u'), gid: await idOf('-g') };
  } catch {
    return undefined;
  }
}

async function idOf(kind: '-u' | '-g'): Promise<number> {
  const { stdout } = await run('id', [kind, POSTGRES_USER], { timeout: COMMAND_TIMEOUT_MS });
  return Number.parseInt(stdout, 10);
}
