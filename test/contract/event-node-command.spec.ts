// `daybook eventstore` as somebody runs it who wants a node and nothing else.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { COMMAND, finished, once, run, type Run } from '../support/daybook-process.js';
import {
  ADMIN,
  ADMIN_PASSWORD,
  CERTIFICATE_FILE,
  KEY_FILE,
  urlFor,
} from '../support/event-node-users.js';

const folder = mkdtempSync(join(tmpdir(), 'daybook-node-command-'));
const at = (name: string) => join(folder, name);
mkdirSync(at('temporary'));
const running: Run[] = [];
afterAll(() => {
  for (const { process } of running) process.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** With a folder of its own for temporary files. */
const eventstore = (...words: string[]) =>
  run(COMMAND, ['eventstore', ...words], { TMPDIR: at('temporary') });

/** Starts a node; the port that it says it listens on. */
async function started(...words: string[]): Promise<{ node: Run; port: number }> {
  const node = eventstore('--port', '0', ...words);
  running.push(node);
  const told = () => /127\.0\.0\.1:(\d+)\?tls=/.exec(node.out());
  await once(node, () => told() !== null);
  return { node, port: Number(told()?.[1]) };
}

async function appended(url: string): Promise<bigint> {
  const client = EventStoreDBClient.connectionString(url);
  const { nextExpectedRevision } = await client.appendToStream(
    's',
    jsonEvent({ type: 'T', data: {} }),
  );
  await client.dispose();
  return nextExpectedRevision;
}

it('serves a folder with TLS and users, and stops when told', async () => {
  writeFileSync(at('password'), `${ADMIN_PASSWORD}\n`);
  const words = ['--data', at('data'), '--tls-cert', CERTIFICATE_FILE, '--tls-key', KEY_FILE];
  const first = await started(...words, '--admin-password-file', at('password'));
  expect(await appended(urlFor(first.port, ADMIN))).toBe(0n);
  first.node.process.kill('SIGTERM');
  expect(await first.node.ended).toBe(0);
  const second = await started(...words);
  expect(await appended(urlFor(second.port, ADMIN))).toBe(1n);
  second.node.process.kill('SIGINT');
  expect(await second.node.ended).toBe(0);
});

it('serves memory, which leaves nothing behind', async () => {
  const { node, port } = await started('--in-memory');
  expect(await appended(`esdb://127.0.0.1:${port}?tls=false`)).toBe(0n);
  expect(readdirSync(at('temporary'))).toHaveLength(1);
  node.process.kill('SIGTERM');
  expect(await node.ended).toBe(0);
  expect(readdirSync(at('temporary'))).toEqual([]);
});

it.each<[what: string, words: string[], code: number, said: string]>([
  ['no place for the log', [], 2, 'give --data <folder>, or --in-memory'],
  ['two places', ['--data', 'x', '--in-memory'], 2, 'give --data <folder>, or --in-memory'],
  ['a port that is none', ['--in-memory', '--port', '70000'], 2, 'Use a whole number up to 65535'],
  ['half of TLS', ['--in-memory', '--tls-cert', 'x'], 2, 'give both --tls-cert and --tls-key'],
  ['a file that is not there', ['--in-memory', '--tls-cert', 'no', '--tls-key', 'no'], 2, 'ENOENT'],
  [
    'strangers without TLS',
    ['--in-memory', '--host', '0.0.0.0'],
    3,
    'give --tls-cert and --tls-key',
  ],
])('says what is wrong with %s', async (_what, words, code, said) => {
  expect(await finished(eventstore(...words))).toMatchObject({
    code,
    err: expect.stringContaining(said) as string,
  });
});

it('says that a new log needs a password, and of whom', async () => {
  const words = ['--in-memory', '--tls-cert', CERTIFICATE_FILE, '--tls-key', KEY_FILE];
  const { code, out } = await finished(eventstore(...words, '--port', '0'));
  expect({ code, isTold: out.includes('--admin-password-file') }).toEqual({
    code: 2,
    isTold: true,
  });
});
