// What a client asks a server about itself, and calls the server does not know.
import http from 'node:http';
import https from 'node:https';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { event, expected } from '../wire/append.js';
import { empty, readUuid } from '../wire/protobuf.js';
import { brief, present, type Recorded } from '../wire/read-reply.js';
import { all, counted, onAll, onStream, readRequest } from '../wire/read-request.js';
import { type Server } from '../wire/server.js';
import { statusOf } from '../wire/status.js';
import { unary } from '../wire/target.js';
import { sleep } from '../wire/waiting.js';
import { type Subject } from '../scenario.js';
import { streamsOf } from './streams.js';

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const SYSTEM_STREAMS = ['$epoch-information', '$mem-node-state', '$mem-gossip', '$mem-anything'];

export const server: Subject = (server) => ({
  'server: what a fresh server contains (fresh server only)': async (say) => {
    const { readLast } = streamsOf(server);
    const everything = () =>
      server.rawRead(all(onAll('start'), counted(1000)), { ms: 20_000, until: 1000 });
    // It writes for a moment after its start.
    let now = await everything();
    for (let before = -1; before !== now.length; now = await everything()) {
      before = now.length;
      await sleep(2000);
    }
    const name = (e: Recorded) => `${e.stream}/${e.rev} ${e.type} ${e.contentType}`;
    say('$all', now.map((message) => brief(message, name)).sort());
    const keys = ({ data }: Recorded) => Object.keys(JSON.parse(data as string) as object).sort();
    for (const stream of SYSTEM_STREAMS) {
      const last = await readLast(stream, 1);
      const shape = (e: Recorded) => [e.type, e.contentType, keys(e).join()];
      say(
        stream,
        last.map((message) =>
          typeof message === 'object' && message.event ? shape(message.event) : message,
        ),
      );
    }
  },

  'server: features': async (say) => {
    const features = server.target.stub(featuresGrpc.ServerFeaturesClient);
    const ask = features.getSupportedMethods.bind(features);
    const reply = present((await unary(server.target, ask, empty())).reply, 'reply');
    say('version', reply.getEventStoreServerVersion());
    const methods = reply
      .getMethodsList()
      .map((method) =>
        `${method.getServiceName()}/${method.getMethodName()} ${method.getFeaturesList().join()}`.trim(),
      );
    say('methods', methods.sort());
    // The client keeps them to itself.
    const asked: unknown = Reflect.get(server.client, 'capabilities');
    const capabilities = await (asked as Promise<{ serverVersion: string }>);
    say('as the client sees it', { version: capabilities.serverVersion });
  },

  'server: gossip': async (say) => {
    const members = await membersOf(server);
    say('members', members.length);
    const first = present(members[0], 'member');
    const again = present((await membersOf(server))[0], 'member');
    const endPoint = first.getHttpEndPoint();
    const { form, id } = readUuid(first.getInstanceId());
    say('first', {
      state: first.getState(),
      alive: first.getIsAlive(),
      'instance id': form,
      'instance id is a uuid': UUID_4.test(id ?? ''),
      'same instance id when asked again': readUuid(again.getInstanceId()).id === id,
      'time stamp is ticks of 100 ns since 1970':
        Math.abs(Number(first.getTimeStamp()) / 10_000 - Date.now()) < 3_600_000,
      'end point is the one dialled':
        `${endPoint?.getAddress()}:${endPoint?.getPort()}` === server.target.host,
    });
  },

  'server: health': async (say) => {
    const { isTls, host } = server.target;
    const get = (path: string) =>
      new Promise((resolve) => {
        const done = (response: http.IncomingMessage) => resolve(response.resume().statusCode);
        const request = isTls
          ? https.get(`https://${host}${path}`, { rejectUnauthorized: false }, done)
          : http.get(`http://${host}${path}`, done);
        request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      });
    say('GET /health/live', await get('/health/live'));
  },

  'server: unknown methods': async (say) => {
    const call = (path: string) =>
      new Promise((resolve) => {
        const bytes = (content: Buffer) => content;
        server.streams.makeUnaryRequest(
          path,
          bytes,
          bytes,
          Buffer.alloc(0),
          server.target.headers(undefined),
          { deadline: Date.now() + 10_000 },
          (error, reply) => resolve(error ? statusOf(error) : { reply: reply?.length }),
        );
      });
    say('unknown method', await call('/event_store.client.streams.Streams/Nope'));
    say('unknown service', await call('/event_store.client.nope.Nope/Nope'));
    say('other case', await call('/event_store.client.streams.streams/delete'));
  },

  'server: headers': async (say) => {
    await server.rawAppend('sh', expected.any, [event('sh/0')]);
    const read = async (headers: Record<string, string>) => {
      const request = readRequest(onStream('sh', 'start'), counted(5));
      const reading = server.openReadOf(request, headers);
      await reading.until(() => reading.ended);
      return reading.messages.map((message) => brief(message));
    };
    say('requires-leader true', await read({ 'requires-leader': 'true' }));
    say('requires-leader false', await read({ 'requires-leader': 'false' }));
    say('requires-leader nonsense', await read({ 'requires-leader': 'nonsense' }));
    say('connection-name', await read({ 'connection-name': 'transcript' }));
    const revisions: string[] = [];
    for await (const { event: read } of server.client.readStream('sh', { requiresLeader: true })) {
      revisions.push(String(read?.revision));
    }
    say('client: requiresLeader', revisions);
  },
});

async function membersOf({ target }: Server) {
  const gossip = target.stub(gossipGrpc.GossipClient);
  const { reply } = await unary(target, gossip.read.bind(gossip), empty());
  return present(reply, 'reply').getMembersList();
}
