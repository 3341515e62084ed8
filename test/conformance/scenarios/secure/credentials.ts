// Credentials: through the official client, on the connection and on a call, and as headers.
import { EventStoreDBClient, type Credentials } from '@eventstore/db-client';
import { Metadata } from '@grpc/grpc-js';
import { errorOf } from '../../wire/client-results.js';
import { jsonEventOf } from '../../wire/ids.js';
import { counted, onAll, readRequest } from '../../wire/read-request.js';
import { statusOf } from '../../wire/status.js';
import { ADMIN } from '../../wire/target.js';
import { type Subject } from '../../scenario.js';
import { ACTORS, lineOf, nextEvent, operationsOf, secureScenarios, type Actor } from './actors.js';

interface CallOptions {
  credentials?: Credentials;
}

/** What a client does; undefined where that makes no sense with credentials, or without. */
type Operation = (client: EventStoreDBClient, options: CallOptions) => Promise<unknown> | undefined;

interface Subscription {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'confirmation', listener: () => void): unknown;
  unsubscribe(): Promise<void>;
}

const confirmed = (subscription: Subscription) =>
  new Promise<void>((resolve, reject) => {
    subscription.on('error', reject);
    subscription.on('confirmation', () => void subscription.unsubscribe().then(resolve));
  });

let appends = 0;
const nextJsonEvent = () => jsonEventOf(`secure client ${(appends += 1)}`);

const OPERATIONS: Record<string, Operation> = {
  'batch append': (client, options) =>
    options.credentials ? undefined : client.appendToStream('sc', nextJsonEvent()),
  'append with credentials': (client, options) =>
    options.credentials ? client.appendToStream('sc', nextJsonEvent(), options) : undefined,
  read: async (client, options) => {
    for await (const read of client.readStream('sc', { maxCount: 1, ...options })) void read;
  },
  subscribe: (client, options) => confirmed(client.subscribeToStream('sc', options)),
  'set metadata': (client, options) => {
    const acl = { readRoles: ['team'], writeRoles: ['team'] };
    return client.setStreamMetadata('sc', { acl }, options);
  },
  'get metadata': (client, options) => client.getStreamMetadata('sc', options),
  'info of a group': (client, options) =>
    client.getPersistentSubscriptionToStreamInfo('sp', 'g', options),
  'list groups': (client, options) => client.listAllPersistentSubscriptions(options),
  'persistent subscription': (client, options) =>
    confirmed(client.subscribeToPersistentSubscriptionToStream('sp', 'g', options)),
  // The client asks as whoever is connected.
  capabilities: (client, options) =>
    options.credentials
      ? Promise.resolve()
      : (Reflect.get(client, 'capabilities') as Promise<unknown>),
};

/** Who is connected, and who asks in a call. */
const ROWS: [connection: Actor, call?: Exclude<Actor, 'anonymous'>][] = [
  ['anonymous'],
  ['wrong password'],
  ['plain'],
  ['member'],
  ['ops'],
  ['admin'],
  ['anonymous', 'member'],
  ['plain', 'member'],
  ['member', 'plain'],
  ['admin', 'wrong password'],
];

const base64 = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64');
const GOOD = base64('admin:changeit');

const HEADERS: Record<string, string[]> = {
  right: [`Basic ${GOOD}`],
  none: [],
  'no scheme': [GOOD],
  'lower-case scheme': [`basic ${GOOD}`],
  'upper-case scheme': [`BASIC ${GOOD}`],
  'two spaces': [`Basic  ${GOOD}`],
  'space in front': [` Basic ${GOOD}`],
  'space behind': [`Basic ${GOOD} `],
  empty: [''],
  'scheme only': ['Basic'],
  'scheme and a space': ['Basic '],
  'not base64': ['Basic !!!'],
  'base64 without padding': [`Basic ${base64('admin:changeit1').replace(/=+$/, '')}`],
  'no colon': [`Basic ${base64('admin')}`],
  'colon only': [`Basic ${base64(':')}`],
  'empty password': [`Basic ${base64('admin:')}`],
  'empty user': [`Basic ${base64(':changeit')}`],
  'colon in the password': [`Basic ${base64('admin:changeit:x')}`],
  'upper-case user': [`Basic ${base64('ADMIN:changeit')}`],
  'space in the user': [`Basic ${base64(' admin:changeit')}`],
  'not utf-8': [`Basic ${base64('admin:\xff\xfe', 'latin1')}`],
  bearer: ['Bearer abc'],
  digest: ['Digest abc'],
};

export const secureCredentials: Subject = (server) =>
  secureScenarios(server, {
    'through the client': async (say) => {
      const { append, setAcl } = operationsOf(server);
      const { host, caFile } = server.target;
      await append(ADMIN, 'sc', [nextEvent()]);
      await setAcl('sc', { $r: 'team', $w: 'team' });
      for (const [connection, call] of ROWS) {
        const user = ACTORS[connection];
        const login = user ? `${user.username}:${user.password}@` : '';
        const url = `esdb://${login}${host}?tls=true&tlsCAFile=${caFile}`;
        const client = EventStoreDBClient.connectionString(url);
        const options = call ? { credentials: ACTORS[call] } : {};
        const outcomes = await outcomesOf(client, options);
        const own = `connection ${connection}`;
        say(call ? `${own}, call ${call}` : own, outcomes);
        await client.dispose();
      }
    },

    'authorization headers': async (say) => {
      await operationsOf(server).append(ADMIN, 'sh');
      const ask = (values: string[]) =>
        new Promise<string>((resolve) => {
          const headers = new Metadata();
          for (const value of values) headers.add('authorization', value);
          const request = readRequest(onAll('start'), counted(1));
          const call = server.streams.read(request, headers, { deadline: Date.now() + 5000 });
          call.on('data', () => {});
          call.on('error', (error) => resolve(lineOf(statusOf(error as never))));
          call.on('end', () => resolve('ok'));
        });
      for (const [step, values] of Object.entries(HEADERS)) {
        const answer = await ask(values);
        say(step, answer.replace(/received metadata.*$/s, '').trim());
      }
    },
  });

/** Each outcome, with the operations that met it. */
async function outcomesOf(
  client: EventStoreDBClient,
  options: CallOptions,
): Promise<Record<string, string[]>> {
  const outcomes: Record<string, string[]> = {};
  const add = (outcome: string, name: string) => void (outcomes[outcome] ??= []).push(name);
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    try {
      const promise = operation(client, options);
      if (promise === undefined) continue;
      await promise;
      add('ok', name);
    } catch (thrown) {
      const { error, code } = errorOf(thrown);
      add(`${error} ${typeof code === 'number' ? code : ''}`.trim(), name);
    }
  }
  return outcomes;
}
