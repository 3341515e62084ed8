// The real hledger, from Debian's package; installed when it is not there.
import { execFile } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Throws when it is missing and cannot be installed. */
export async function ensureHledger(): Promise<void> {
  const isThere = await execute('hledger', ['--version']).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = async (...words: string[]) => {
    const [command = '', ...more] = [...sudo, 'apt-get', '-qq', ...words];
    await execute(command, more, { env });
  };
  try {
    await apt('update');
    await apt('install', '--no-install-recommends', '-y', 'hledger');
  } catch (cause) {
    throw new Error('hledger is missing, and apt-get could not install it', { cause });
  }
}

/** What it answers about a journal, rows without the header. Rejects with its complaint. */
export async function hledger(journal: string, ...words: string[]): Promise<string[][]> {
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const { stdout } = await execute('hledger', ['-f', journal, ...words, '-O', 'csv'], { env });
  return parse(stdout).slice(1);
}

/** Every account's own balance, without those below it: `-12.00 EUR`; 0 without a commodity is zero. */
export async function hledgerBalances(journal: string, ...words: string[]) {
  const rows = await hledger(journal, 'balance', '--flat', '-E', '-N', ...words);
  return new Map(rows.map(([account = '', balance = '']) => [account, balance]));
}
