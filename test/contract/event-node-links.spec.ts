// Links: events that stand for others, as readers and subscribers are sent them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventNode, type EventNode } from '../../src/embedded/event-node/start.js';
import { prepare } from '../support/event-node-states.js';
import {
  append,
  connect,
  counted,
  idOf,
  onAll,
  onStream,
  openRead,
  readRequest,
  subscribed,
  type AllFrom,
  type StreamsClient,
} from '../support/event-node-wire.js';

const dataDir = mkdtempSync(join(tmpdir(), 'daybook-node-links-'));
let node: EventNode;
let client: StreamsClient;
let first: AllFrom;

/** Data of a link, to what readers are sent for it in history. */
const TARGETS: [data: string, sent: string][] = [
  ['2@source', 'link and source/2'],
  ['-1@source', 'link and source/2'],
  [' 1@source', 'link and source/1'],
  ['0@na@me', 'link and na@me/0'],
  ['0@links', 'link and links/0'],
  ['3@truncated', 'link and truncated/3'],
  ['1@truncated', 'link alone'],
  ['0@deleted', 'link alone'],
  ['0@tombstoned', 'link alone'],
  ['9@source', 'link alone'],
  ['-2@source', 'link alone'],
  ['0@nowhere', 'link alone'],
  ['1@', 'link alone'],
  ['1', 'link alone'],
  ['@source', 'event alone'],
  ['x@source', 'event alone'],
  ['18446744073709551615@source', 'event alone'],
  ['', 'event alone'],
];

beforeAll(async () => {
  node = await startEventNode({ dataDir });
  client = connect(node.port);
  await prepare(client, 'source', [{ write: 'abc' }]);
  await prepare(client, 'na@me', [{ write: 'a' }]);
  await prepare(client, 'truncated', [{ write: 'abcd' }, { metadata: '{"$tb":3}' }]);
  await prepare(client, 'deleted', [{ write: 'a' }, 'delete']);
  await prepare(client, 'tombstoned', [{ write: 'a' }, 'tombstone']);
  const { position = 0 } = await append(client, 'before', 'any', [{ id: idOf('before') }]);
  first = { commit: position, prepare: position };
  await writeLinks();
});
afterAll(async () => {
  client.close();
  await node.stop();
  rmSync(dataDir, { recursive: true });
});

let written = 0;
async function writeLinks(): Promise<void> {
  const metadata = { type: '$>', 'content-type': 'text/plain' };
  const links = TARGETS.map(([data]) => ({ id: idOf(`link ${written++}`), metadata, data }));
  await append(client, 'links', 'any', links);
}

type Reading = ReturnType<typeof openRead>;

/** What came for each link, in order; positions are checked on the way. */
function sentFor({ replies }: Reading): string[] {
  return replies.flatMap((reply) => {
    const read = reply.getEvent();
    const [event, link] = [read?.getEvent(), read?.getLink()];
    const original = link ?? event;
    const nameOf = (recorded: typeof event) =>
      Buffer.from(recorded?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
    if (!read || nameOf(original) !== 'links') return [];
    expect(read.getCommitPosition()).toBe(original?.getCommitPosition());
    if (!link) return ['event alone'];
    return [event ? `link and ${nameOf(event)}/${event.getStreamRevision()}` : 'link alone'];
  });
}

const resolving = (options: Parameters<Parameters<typeof readRequest>[0]>[0]) =>
  options.setResolveLinks(true);

describe('a reader who asks for it is sent what links stand for', () => {
  const expected = TARGETS.map(([, sent]) => sent);
  const read = async (...build: Parameters<typeof readRequest>[0][]) => {
    const request = readRequest((options) => build.forEach((set) => set(options)));
    const reading = openRead(client, request);
    await reading.whole();
    return sentFor(reading);
  };

  it('in a stream, in both directions', async () => {
    const forwards = await read(onStream('links', 'start'), counted(100, false), resolving);
    expect(forwards).toEqual(expected);
    const backwards = await read(onStream('links', 'end'), counted(100, true), resolving);
    expect(backwards).toEqual(expected.toReversed());
  });

  it('in $all', async () => {
    expect(await read(onAll(first), counted(100, false), resolving)).toEqual(expected);
  });

  it('in subscriptions, where live data that name nothing make a link that leads nowhere', async () => {
    const live = expected.map((sent) => (sent === 'event alone' ? 'link alone' : sent));
    const toStream = await subscribed(client, onStream('links', 'start'), resolving);
    const toAll = await subscribed(client, onAll(first), resolving);
    await writeLinks();
    for (const subscription of [toStream, toAll]) {
      await subscription.count(2 + 2 * TARGETS.length);
      expect(sentFor(subscription)).toEqual([...expected, ...live]);
      subscription.cancel();
    }
  });
});

it('a reader who does not ask is sent links as the events that they are', async () => {
  const request = readRequest((options) => {
    onStream('links', 'start')(options);
    counted(TARGETS.length, false)(options);
  });
  const reading = openRead(client, request);
  await reading.whole();
  expect(sentFor(reading)).toEqual(TARGETS.map(() => 'event alone'));
});
