// Calls that are cut or dribbled as no client should, but networks and broken clients do. Goal: what a
// caller did not send whole is never written. Method: gRPC by hand to a node in memory.
import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { bytesField } from '../../src/embedded/event-node/protobuf.js';
import { startEventNode, type EventNode } from '../../src/embedded/event-node/start.js';
import { connect, counted, idOf, onStream, readAll } from '../support/event-node-wire.js';
import { answerTo, framed, openCall, openSession } from '../support/raw-grpc.js';

const APPEND = '/event_store.client.streams.Streams/Append';
const SETTINGS_FRAME = 4;
const NOTHING_THERE = ['not_found', 'end'];

const text = (value: string) => Buffer.from(value);
const entry = (key: string, value: string) =>
  bytesField(2, bytesField(1, text(key)), bytesField(2, text(value)));
const to = (stream: string) =>
  framed(bytesField(1, bytesField(1, bytesField(3, text(stream))), bytesField(4)));
const event = (id: string) =>
  framed(
    bytesField(
      2,
      bytesField(1, bytesField(2, text(idOf(id)))),
      entry('type', 'T'),
      entry('content-type', 'application/json'),
      bytesField(4, text('{}')),
    ),
  );

let node: EventNode;
let session: ReturnType<typeof openSession>;
let client: ReturnType<typeof connect>;
beforeAll(async () => {
  node = await startEventNode({ inMemory: true });
  session = openSession(node.port);
  client = connect(node.port);
});
afterAll(async () => {
  session.destroy();
  client.close();
  await node.stop();
});
const content = (stream: string) => readAll(client, onStream(stream, 'start'), counted(9, false));

describe('an append', () => {
  it.each([3, 20])('whose last message ends after %d bytes is refused whole', async (bytes) => {
    const cut = Buffer.concat([to('cut'), event('first'), event('second').subarray(0, bytes)]);
    expect(await answerTo(session, APPEND, cut)).toBe('200 13 Incomplete message.');
    expect(await content('cut')).toEqual(NOTHING_THERE);
  });

  it('may come byte by byte', async () => {
    const call = openCall(session, APPEND);
    call.stream.resume();
    for (const byte of Buffer.concat([to('bytes'), event('bytes')])) {
      call.stream.write(Buffer.from([byte]));
    }
    call.stream.end();
    expect(await call.ended).toBe('200 0 OK');
    expect(await content('bytes')).toEqual(['bytes/0', 'end']);
  });
});

it('a connection that says byte by byte that it speaks HTTP/2 is understood', async () => {
  const socket = connectTcp(node.port, '127.0.0.1');
  socket.setNoDelay();
  for (const part of ['P', 'R', 'I * HTTP/2.0\r\n\r\nSM\r\n\r\n']) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const settings = Buffer.from([0, 0, 0, SETTINGS_FRAME, 0, 0, 0, 0, 0]);
  socket.write(settings);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer[3]).toBe(SETTINGS_FRAME);
  socket.destroy();
});
