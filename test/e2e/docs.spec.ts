// Goal: what documents show really happens, and what docs/transfers.md says about the order of refusals
// is so. Method: all their shell blocks in one shell against `daybook up`; each answer shown is part of
// the real one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { REFUSAL_CODES } from '../../src/domain/errors.js';
import { COMMAND, type Run, once, run, runtimeOf } from '../support/daybook-process.js';
import { examplesOf, paste, standInForCurl } from '../support/shell-examples.js';

jest.setTimeout(240_000);

const TRANSFERS = join('docs', 'transfers.md');
const QUERIES = join('docs', 'queries.md');
const TIME = join('docs', 'time.md');
const examples = [TRANSFERS, QUERIES, TIME].flatMap((document) =>
  examplesOf(document).map((example) => ({ document, ...example })),
);

let folder: string;
let up: Run;
let answers: object[][];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-docs-'));
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

describe('the examples of', () => {
  const shown = examples.flatMap(({ document, shell, shown: answer }, index) =>
    answer ? [{ document, what: shell.split('\n', 1).join(), answer, index }] : [],
  );

  it.each(shown)('$document: $what', ({ answer, index }) => {
    expect(answers[index]?.at(-1)).toMatchObject(answer);
  });

  it('are all answered with success where no answer is shown', () => {
    const untold = answers.filter((_, index) => examples[index]?.shown === undefined).flat();
    expect(untold.length).toBeGreaterThan(0);
    for (const answer of untold.filter((one) => !/PERIOD_CLOSED/.test(JSON.stringify(one)))) {
      expect(answer).toHaveProperty('data');
    }
  });

  it('the order of refusals is the one that is decided by', () => {
    const [, section = ''] = readFileSync(TRANSFERS, 'utf8').split('## Which refusal wins');
    expect(section.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g)).toEqual(REFUSAL_CODES);
  });
});
