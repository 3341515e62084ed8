// Finding out who calls. Goal: how long that takes says nothing about who is a user. Method: the
// derivations of keys are counted as the process starts them, since they are all that takes time.
import { createHook } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNodeStore, type NodeStore } from '../store/node-store.js';
import { newUuid } from '../uuid.js';
import { createAuthenticator, type Authenticate } from './authenticator.js';
import { createUsers } from './users.js';

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-authenticator-'));
let store: NodeStore;
let authenticate: Authenticate;
beforeAll(async () => {
  store = await openNodeStore({
    dataDir,
    isDurable: false,
    instanceId: newUuid(),
    onFailure: () => {},
  });
  const users = createUsers(store);
  authenticate = createAuthenticator(users);
  for (const loginName of ['present', 'disabled']) {
    await users.create({ loginName, fullName: '', groups: [], password: 'right' });
  }
  await users.change('disabled', (user) => ({ ...user, disabled: true }));
});
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

let derivations = 0;
const counting = createHook({
  init: (_id, type) => {
    if (type === 'SCRYPTREQUEST') derivations += 1;
  },
});
beforeAll(() => counting.enable());
afterAll(() => counting.disable());

/** What a caller is told, and how many keys were derived for it. */
async function told(name: string, password: string) {
  const before = derivations;
  const header = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  const answer = await authenticate(header).then(
    (caller) => caller?.name,
    (error: Error) => error.message,
  );
  return { answer, derivations: derivations - before };
}

it('takes as long for names that nobody has as for wrong passwords', async () => {
  const refused = { answer: 'Unauthenticated', derivations: 1 };
  expect(await told('present', 'wrong')).toEqual(refused);
  expect(await told('absent', 'wrong')).toEqual(refused);
  expect(await told('disabled', 'right')).toEqual(refused);
  expect(await told('absent', 'wrong')).toEqual(refused);
});

it('derives no key again for a password that was right', async () => {
  expect(await told('present', 'right')).toEqual({ answer: 'present', derivations: 1 });
  expect(await told('present', 'right')).toEqual({ answer: 'present', derivations: 0 });
});
