// `daybook/event-node` as somebody else's project meets it: a package in its node_modules, checked by
// its own strict TypeScript, and run by Node and by Jest.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MODULES = join(process.cwd(), 'node_modules');
const PAGE = join('docs', 'event-node.md');

const project = mkdtempSync(join(tmpdir(), 'daybook-consumer-'));
const at = (...names: string[]) => join(project, ...names);
const run = async (args: string[]) => {
  const env = { PATH: process.env['PATH'], NODE_OPTIONS: '' };
  const result = await promisify(execFile)(process.execPath, args, { cwd: project, env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return `${result.stdout}${result.stderr}`;
};

const CONSUMER = `
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { startEventNode, type EventNode, type EventNodeOptions } from 'daybook/event-node';

const options: EventNodeOptions = { inMemory: true };
const node: EventNode = await startEventNode(options);
const client = EventStoreDBClient.connectionString(node.url);
const append = () => client.appendToStream('s', jsonEvent({ type: 'T', data: {} }));
const first: bigint = (await append()).nextExpectedRevision;
await node.reset();
const second: bigint = (await append()).nextExpectedRevision;
console.log(first, second, node.port > 0);
await client.dispose();
await node.stop();
// @ts-expect-error: a node needs a place.
void (() => startEventNode({}));
`;

beforeAll(() => {
  mkdirSync(at('node_modules', '@eventstore'), { recursive: true });
  mkdirSync(at('node_modules', '@types'), { recursive: true });
  symlinkSync(process.cwd(), at('node_modules', 'daybook'));
  for (const name of ['@eventstore/db-client', '@types/node', 'jest']) {
    symlinkSync(join(MODULES, name), at('node_modules', name));
  }
  writeFileSync(at('package.json'), '{"name":"consumer","type":"module"}');
  writeFileSync(at('consumer.ts'), CONSUMER);
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    exactOptionalPropertyTypes: true,
    types: ['node'],
    skipLibCheck: true,
  };
  const tsconfig = { compilerOptions, files: ['consumer.ts'] };
  writeFileSync(at('tsconfig.json'), JSON.stringify(tsconfig));
});
afterAll(() => rmSync(project, { recursive: true }));

it('has types of its own, and runs', async () => {
  const tsc = join(MODULES, 'typescript', 'bin', 'tsc');
  const listed = await run([tsc, '-p', '.', '--listFiles']);
  expect(listed).not.toMatch(/error TS/);
  expect(listed).toMatch(/dist\/src\/embedded\/event-node\/start\.d\.ts/);
  expect(listed).not.toMatch(/event-node\/\w+(?<!\.d)\.ts$/m);
  expect(await run(['consumer.js'])).toBe('0n 0n true\n');
});

it('runs in Jest as its page says', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const [, example = ''] = /^```js\n(\/\/ Jest.*?)^```$/ms.exec(page) ?? [];
  writeFileSync(at('example.test.js'), example);
  writeFileSync(at('jest.config.js'), 'export default { transform: {} };\n');
  const flags = ['--experimental-vm-modules', '--no-warnings'];
  const told = await run([...flags, join('node_modules', 'jest', 'bin', 'jest.js'), '--runInBand']);
  expect(told).toMatch(/Tests: +2 passed, 2 total/);
});
