// Examples of documents, run as a reader would: pasted into a shell, against `daybook up`.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Enough of curl for our documents, so that their tests need nothing installed: -s, -N, -m, -H, -d and the
// address.
const STAND_IN = `#!/usr/bin/env node
const words = process.argv.slice(2);
const headers = [];
let url, body, signal;
while (words.length > 0) {
  const word = words.shift();
  if (word === '-s' || word === '-N') continue;
  else if (word === '-m') signal = AbortSignal.timeout(1_000 * words.shift());
  else if (word === '-H') headers.push(words.shift().split(/: (.*)/s).slice(0, 2));
  else if (word === '-d') body = words.shift();
  else url = word;
}
const print = async ({ body }) => {
  for await (const part of body) process.stdout.write(part);
};
fetch(url, { headers, body, signal, method: body === undefined ? 'GET' : 'POST' })
  .then(print)
  .catch((error) => process.exit(error.name === 'TimeoutError' ? 28 : 1));
`;

/** A folder to put into PATH where `curl` is, made in `folder`. */
export function standInForCurl(folder: string): string {
  const place = join(folder, 'bin');
  mkdirSync(place);
  writeFileSync(join(place, 'curl'), STAND_IN);
  chmodSync(join(place, 'curl'), 0o755);
  return place;
}

/** Lines to paste, and what the document shows as their last answer. */
export interface Example {
  readonly shell: string;
  readonly shown: object | undefined;
}

/** The blocks of shell commands of a document, in order; a block of JSON right after one is its answer. */
export function examplesOf(document: string): Example[] {
  const blocks = /^```sh\n(.*?)^```$(?:\s*^```json\n(.*?)^```$)?/gms;
  return [...readFileSync(document, 'utf8').matchAll(blocks)].map(([, shell = '', shown]) => ({
    shell,
    shown: shown === undefined ? undefined : (JSON.parse(shown) as object),
  }));
}

const LINE = '-----8<-----';

/** Runs all examples in one shell; for each, every answer it printed. */
export async function paste(
  examples: readonly Example[],
  env: Record<string, string | undefined>,
): Promise<object[][]> {
  const script = examples.map(({ shell }) => `${shell}\necho '${LINE}'\n`).join('');
  const { stdout } = await promisify(execFile)('sh', ['-euc', script], { env });
  return stdout.split(LINE).slice(0, examples.length).map(answersIn);
}

/** curl writes one answer right after the other. */
function answersIn(printed: string): object[] {
  return JSON.parse(`[${printed.trim().replace(/\}\s*\{"(data|error)"/g, '},{"$1"')}]`) as object[];
}
