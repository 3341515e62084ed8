// Goal: docs/time.md shows what really happens.
// Method: all its shell blocks in one shell against `daybook up`; each answer shown is part of the real one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { COMMAND, type Run, once, run, runtimeOf } from '../support/daybook-process.js';
import { examplesOf, paste, standInForCurl } from '../support/shell-examples.js';

jest.setTimeout(120_000);

const examples = examplesOf(join('docs', 'time.md'));

let folder: string;
let up: Run;
let answers: object[][];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-time-docs-'));
  const DAYBOOK_DATA = join(folder, 'data');
  up = run(COMMAND, ['up'], { DAYBOOK_DATA, PORT: '0' });
  await once(up, () => up.out().includes('Daybook is ready'));
  const url = runtimeOf(DAYBOOK_DATA).apiUrl ?? '';
  const here = examples.map(({ shell, shown }) => ({
    shell: shell.replaceAll('http://127.0.0.1:3000', url),
    shown,
  }));
  const PATH = [standInForCurl(folder), process.env['PATH']].join(delimiter);
  answers = await paste(here, { ...process.env, DAYBOOK_DATA, PATH });
});

afterAll(async () => {
  up.process.kill('SIGTERM');
  await up.ended;
  rmSync(folder, { recursive: true, force: true });
});

describe('the examples of docs/time.md', () => {
  const shown = examples.flatMap(({ shell, shown: answer }, index) =>
    answer ? [{ what: shell.split('\n', 1).join(), answer, index }] : [],
  );

  it.each(shown)('$what', ({ answer, index }) => {
    expect(answers[index]?.at(-1)).toMatchObject(answer);
  });

  it('are all answered with success', () => {
    for (const answer of answers.flat()) expect(answer).toHaveProperty('data');
  });
});
