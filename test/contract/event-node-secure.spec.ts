// A node with TLS and users, as the official client and others meet it. The rules of access are unit
// tests beside the code; here is what goes over the wire, and what lasts.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, START } from '@eventstore/db-client';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { startEventNode, type EventNode } from '../../src/embedded/event-node/start.js';
import {
  ADMIN,
  ADMIN_PASSWORD,
  CERTIFICATE,
  headersOf,
  PRIVATE_KEY,
  tlsChannel,
  urlFor,
  usersAt,
  type Person,
} from '../support/event-node-users.js';

const IDENTITY = { certificate: CERTIFICATE, privateKey: PRIVATE_KEY };
const PLAIN: Person = { username: 'plain', password: 'plain password' };
const MEMBER: Person = { username: 'member', password: 'member password' };
const OPS: Person = { username: 'ops', password: 'ops password' };
const STRANGER: Person = { username: 'admin', password: 'wrong' };

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-node-secure-'));
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const clients: EventStoreDBClient[] = [];
function clientOf(node: EventNode, person?: Person): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(urlFor(node.port, person));
  clients.push(client);
  return client;
}
afterAll(() => Promise.all(clients.map((client) => client.dispose())));

const anEvent = () => jsonEvent({ type: 'T', data: { n: 1 } });

/** 'ok', or the type of the client's error. */
async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'ok';
  } catch (error) {
    return (error as { type?: string }).type ?? String(error);
  }
}

const readOne = async (client: EventStoreDBClient, stream: string) => {
  const events = [];
  for await (const event of client.readStream(stream, { maxCount: 1 })) events.push(event);
};

describe('a node with users', () => {
  let node: EventNode;
  let users: ReturnType<typeof usersAt>;
  let admin: EventStoreDBClient;
  let plain: EventStoreDBClient;
  let member: EventStoreDBClient;
  beforeAll(async () => {
    const security = { ...IDENTITY, adminPassword: ADMIN_PASSWORD, opsPassword: OPS.password };
    node = await startEventNode({ dataDir: newFolder(), security });
    users = usersAt(node.port);
    admin = clientOf(node, ADMIN);
    plain = clientOf(node, PLAIN);
    member = clientOf(node, MEMBER);
    expect(await users.create(ADMIN, 'plain', PLAIN.password)).toBe('ok');
    expect(await users.create(ADMIN, 'member', MEMBER.password, ['team'])).toBe('ok');
  });
  afterAll(async () => {
    users.close();
    await node.stop();
  });

  it('says in its address that it speaks TLS', () => {
    expect(node.url).toBe(`esdb://127.0.0.1:${node.port}?tls=true`);
  });

  it('refuses a wrong password on every call, and lets the nameless ask only what it is', async () => {
    const features = (headers: Metadata) =>
      new Promise<string>((resolve) => {
        const address = `127.0.0.1:${node.port}`;
        const client = new featuresGrpc.ServerFeaturesClient(address, tlsChannel());
        client.getSupportedMethods(new shared.Empty(), headers, (error: ServiceError | null) => {
          client.close();
          resolve(error ? `${status[error.code]}: ${error.details}` : 'ok');
        });
      });
    expect(await features(headersOf(STRANGER))).toBe('UNAUTHENTICATED: Unauthenticated');
    expect(await features(new Metadata())).toBe('ok');
    const nameless = clientOf(node);
    expect(await outcome(() => readOne(nameless, 's'))).toBe('access-denied');
    expect(await outcome(() => nameless.appendToStream('s', anEvent()))).toBe('access-denied');
    expect(await outcome(() => readOne(clientOf(node, STRANGER), 's'))).toBe('access-denied');
  });

  it('asks for rights before it looks whether there is anything', async () => {
    expect(await outcome(() => readOne(plain, '$nothing'))).toBe('access-denied');
    expect(await outcome(() => readOne(admin, '$nothing'))).toBe('stream-not-found');
    expect(await outcome(() => readOne(plain, 'nothing'))).toBe('stream-not-found');
  });

  it('keeps to the access list of a stream, in batches and single appends', async () => {
    await admin.appendToStream('listed', anEvent());
    const acl = {
      readRoles: ['team'],
      writeRoles: ['team'],
      deleteRoles: ['$admins'],
      metaReadRoles: ['$admins'],
      metaWriteRoles: ['$admins'],
    };
    await admin.setStreamMetadata('listed', { acl });
    const all = (client: EventStoreDBClient) =>
      Promise.all([
        outcome(() => readOne(client, 'listed')),
        outcome(() => client.appendToStream('listed', anEvent())),
        outcome(() => client.getStreamMetadata('listed')),
        outcome(() => client.setStreamMetadata('listed', {})),
        outcome(() => client.deleteStream('listed')),
        outcome(() => client.tombstoneStream('listed')),
      ]);
    const DENIED = 'access-denied';
    expect(await all(plain)).toEqual([DENIED, DENIED, DENIED, DENIED, DENIED, DENIED]);
    expect(await all(member)).toEqual(['ok', 'ok', DENIED, DENIED, DENIED, DENIED]);
    // Credentials of a call win over those of the connection, and make the append a single one.
    const asPlain = { credentials: PLAIN };
    const append = () => member.appendToStream('listed', anEvent(), asPlain);
    expect(await outcome(append)).toBe(DENIED);
  });

  it('ends a live subscription of somebody who may not read any more', async () => {
    await admin.appendToStream('live', anEvent());
    const subscription = plain.subscribeToStream('live', { fromRevision: START });
    const seen: string[] = [];
    const ended = new Promise<string>((resolve) => {
      subscription.on('data', ({ event }) => seen.push(String(event?.revision)));
      subscription.on('error', (error) => resolve((error as { type?: string }).type ?? ''));
    });
    await new Promise<void>((resolve) => subscription.once('caughtUp', () => resolve()));
    await admin.setStreamMetadata('live', { acl: { readRoles: ['team'] } });
    await admin.appendToStream('live', anEvent());
    expect(await ended).toBe('access-denied');
    expect(seen).toEqual(['0']);
  });

  it('takes rights where streams say nothing from $settings', async () => {
    const settings = (data: object) =>
      admin.appendToStream('$settings', jsonEvent({ type: 'settings', data: { ...data } }));
    await admin.appendToStream('unlisted', anEvent());
    await settings({ $userStreamAcl: { $r: 'team' } });
    expect(await outcome(() => readOne(plain, 'unlisted'))).toBe('access-denied');
    expect(await outcome(() => readOne(member, 'unlisted'))).toBe('ok');
    await settings({ $userStreamAcl: { $nonsense: 'team' } });
    expect(await outcome(() => readOne(plain, 'unlisted'))).toBe('ok');
  });

  it('lets only admins manage users, and each change its own password', async () => {
    expect(await users.create(PLAIN, 'more', 'x')).toBe('PERMISSION_DENIED: Access Denied');
    expect(await users.create(ADMIN, 'plain', 'x')).toBe('FAILED_PRECONDITION: Conflict.');
    expect(await users.create(ADMIN, 'a:b', 'x')).toMatch(/^INVALID_ARGUMENT: .*no colon/);
    expect(await users.disable(ADMIN, 'nobody')).toBe("NOT_FOUND: User 'nobody' is not found.");
    const changing: Person = { username: 'changing', password: 'one' };
    await users.create(ADMIN, 'changing', 'one');
    const reads = (password: string) =>
      outcome(() => readOne(clientOf(node, { ...changing, password }), 'unlisted'));
    expect(await reads('one')).toBe('ok');
    expect(await users.changePassword(changing, 'changing', 'wrong', 'two')).toMatch(/^PERM/);
    expect(await users.changePassword(changing, 'changing', 'one', 'two')).toBe('ok');
    expect(await reads('one')).toBe('access-denied');
    expect(await reads('two')).toBe('ok');
    await users.disable(ADMIN, 'changing');
    expect(await reads('two')).toBe('access-denied');
    await users.enable(ADMIN, 'changing');
    expect(await reads('two')).toBe('ok');
    await users.delete(ADMIN, 'changing');
    expect(await reads('two')).toBe('access-denied');
    expect(await users.details(PLAIN)).toEqual([
      'admin $admins',
      'member team',
      'ops $ops',
      'plain',
    ]);
  });

  it('keeps no password that could be read', async () => {
    const stored: unknown[] = [];
    for await (const { event } of admin.readStream('$user-admin')) stored.push(event?.data);
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(ADMIN_PASSWORD);
    expect(stored[0]).toMatchObject({ loginName: 'admin', scrypt: { N: 16_384 } });
  });

  it('answers nobody who speaks plain text, and no TLS older than 1.2', async () => {
    const plainText = new Promise<string>((resolve) => {
      let answer = '';
      const socket = connectTcp(node.port, '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\n\r\n'),
      );
      socket.on('data', (data) => (answer += data.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
    });
    expect(await plainText).toBe('');
    const options = { port: node.port, rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' };
    const oldTls = new Promise<string>((resolve) => {
      const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' } as const;
      const socket = connectTls({ ...options, ...old }, () => resolve('accepted'));
      socket.on('error', () => resolve('refused'));
    });
    expect(await oldTls).toBe('refused');
  });

  it('tells a supervisor over HTTP/1 that it is alive', async () => {
    const options = { port: node.port, rejectUnauthorized: false, agent: false };
    const ask = (path: string) =>
      new Promise((resolve) => get({ ...options, path }, ({ statusCode }) => resolve(statusCode)));
    expect(await ask('/health/live')).toBe(204);
    expect(await ask('/anything')).toBe(404);
  });
});

describe('the first users of a store', () => {
  it('are made once, with passwords that whoever starts the node chooses', async () => {
    const dataDir = newFolder();
    const start = (passwords: { adminPassword?: string; opsPassword?: string }) =>
      startEventNode({ dataDir, security: { ...IDENTITY, ...passwords } });
    await expect(start({})).rejects.toThrow('choose a password for its first one, admin');
    const first = await start({ adminPassword: ADMIN_PASSWORD });
    await first.stop();
    const second = await start({ adminPassword: 'another', opsPassword: OPS.password });
    expect(await outcome(() => readOne(clientOf(second, ADMIN), '$users'))).toBe('ok');
    expect(await outcome(() => readOne(clientOf(second, OPS), '$users'))).toBe('access-denied');
    expect(await outcome(() => readOne(clientOf(second, OPS), 's'))).toBe('stream-not-found');
    await second.stop();
    const third = await start({});
    expect(await outcome(() => readOne(clientOf(third, ADMIN), '$users'))).toBe('ok');
    await third.stop();
  });
});

describe('a node that would be open to strangers', () => {
  it('does not start', async () => {
    const dataDir = newFolder();
    await expect(startEventNode({ dataDir, host: '0.0.0.0' })).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('--tls-cert') as string,
    });
    const node = await startEventNode({ dataDir, host: 'localhost' });
    await node.stop();
  });

  it('does not start with a key that belongs to another certificate', async () => {
    const security = { certificate: CERTIFICATE, privateKey: 'nothing of the kind' };
    await expect(startEventNode({ dataDir: newFolder(), security })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('belong together') as string,
    });
  });
});
