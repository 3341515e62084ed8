// Goal: what the README tells newcomers to paste works as it is written there.
// Method: its second shell block, run by a shell against `daybook up`; only the port is another one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { COMMAND, type Run, once, run, runtimeOf } from '../support/daybook-process.js';
import { examplesOf, paste, standInForCurl } from '../support/shell-examples.js';

jest.setTimeout(120_000);

let folder: string;
let up: Run;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-readme-'));
  up = run(COMMAND, ['up'], { DAYBOOK_DATA: join(folder, 'data'), PORT: '0' });
  await once(up, () => up.out().includes('Daybook is ready'));
});

afterAll(async () => {
  up.process.kill('SIGTERM');
  await up.ended;
  rmSync(folder, { recursive: true, force: true });
});

const [, FIRST_TRANSFER = ''] = examplesOf('README.md').map(({ shell }) => shell);

interface Transfer {
  readonly id: string;
  readonly state: string;
  readonly revision: number;
}
interface Account {
  readonly version: number;
  readonly balance: string;
}
type Answers = [{ readonly data: Transfer }, { readonly data: Account }];

/** Runs the block as it stands, and returns what its two requests were answered. */
async function transfer(path: string): Promise<Answers> {
  const DAYBOOK_DATA = join(folder, 'data');
  const url = runtimeOf(DAYBOOK_DATA).apiUrl ?? '';
  const shell = FIRST_TRANSFER.replaceAll('http://127.0.0.1:3000', url);
  const env = { ...process.env, DAYBOOK_DATA, PATH: path };
  const [answers] = await paste([{ shell, shown: undefined }], env);
  return answers as Answers;
}

describe('the first transfer of the README', () => {
  it('is posted once, however often the lines are pasted, by curl or without it', async () => {
    const standIn = standInForCurl(folder);
    const path = process.env['PATH'] ?? '';
    const [posted, account] = await transfer([path, standIn].join(delimiter));
    expect(posted.data).toMatchObject({ state: 'posted', legs: [{ amount: '25.00' }] });
    // The demo's three bookings and its opening, and this one: 50.00 less 7.20 and 22.00.
    expect(account.data).toMatchObject({ version: 5, balance: '45.80' });

    const [again, unchanged] = await transfer([standIn, path].join(delimiter));
    expect(again.data).toEqual(posted.data);
    expect(unchanged.data).toEqual(account.data);
  });

  it('is not a shell block that another address would do for', () => {
    expect(FIRST_TRANSFER.match(/http:\/\/127\.0\.0\.1:3000\//g)).toHaveLength(2);
  });
});
