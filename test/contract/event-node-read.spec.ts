// What Read answers on the wire: bounds of streams and of $all in both directions, refusals, and
// subscriptions: order, where they begin, when they say that they caught up, checkpoints, slow readers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import {
  append,
  asSubscription,
  connect,
  counted,
  empty,
  idOf,
  onAll,
  onStream,
  openRead,
  readAll,
  readRequest,
  streamPrefix,
  subscribed,
  type AllFrom,
  type StreamFrom,
} from '../support/event-node-wire.js';
import { nodeOfTheFile } from '../support/node-of-the-file.js';

const its = nodeOfTheFile();

/** Writes n events in one append; the position of the last. */
async function write(stream: string, n: number, data = '{}'): Promise<number> {
  const events = Array.from({ length: n }, (_, i) => ({
    id: idOf(`${stream}${i}${Math.E}`),
    data,
  }));
  const { text, position } = await append(its.client, stream, 'any', events);
  expect(text).toMatch(/^ok/);
  return position ?? NaN;
}
const revisions = (messages: string[]) =>
  messages.map((m) => m.replace(/^.*\/(?=\d)/, '')).join(' ');

describe('an empty node', () => {
  it('shows one event in $all, and some of what it keeps for itself', async () => {
    const first = ['$$$scavenges/0', 'end'];
    expect(await readAll(its.client, onAll('start'), counted(10, false))).toEqual(first);
    expect(await readAll(its.client, onAll('end'), counted(10, true))).toEqual(first);
    for (const stream of ['$epoch-information', '$mem-node-state', '$mem-gossip']) {
      const read = await readAll(its.client, onStream(stream, 'end'), counted(1, true));
      expect(read).toEqual([`${stream}/0`, 'end']);
    }
  });
});

describe('a system stream', () => {
  it("is hidden from $all if it is the node's own bookkeeping", async () => {
    const hidden = '$persistentsubscription-$all::group-checkpoint';
    const subscription = await subscribed(its.client, onAll('end'));
    const written = await append(its.client, hidden, 'any', [{ id: idOf('hidden') }]);
    await append(its.client, '$seen', 'any', [{ id: idOf('seen') }]);
    await subscription.until('$seen/0');
    expect(subscription.messages).toEqual(['confirmation', 'caught_up', '$seen/0']);
    subscription.cancel();
    const at = { commit: written.position ?? 0, prepare: written.position ?? 0 };
    expect(await readAll(its.client, onAll(at), counted(10, false))).toEqual(['$seen/0', 'end']);
    const read = await readAll(its.client, onStream(hidden, 'start'), counted(10, false));
    expect(read).toEqual([`${hidden}/0`, 'end']);
  });

  it('in memory can be watched, but not written', async () => {
    const subscription = await subscribed(its.client, onStream('$mem-gossip', 'start'));
    subscription.cancel();
    expect(subscription.messages).toEqual(['confirmation', '$mem-gossip/0', 'caught_up']);
    expect((await append(its.client, '$mem-mine', 'any', [{ id: idOf('mem') }])).text).toBe('ok 0');
    const read = await readAll(its.client, onStream('$mem-mine', 'start'), counted(1, false));
    expect(read).toEqual(['not_found', 'end']);
  });
});

describe('reading a stream', () => {
  const unexpected = 'UNKNOWN: Unexpected ReadStreamResult: Error';
  const MAX = 2n ** 64n - 1n;
  beforeAll(() => write('ten', 10));

  const read = async (from: StreamFrom, count: number | bigint, backwards: boolean) =>
    revisions(await readAll(its.client, onStream('ten', from), counted(count, backwards)));

  it.each<[StreamFrom, number | bigint, string]>([
    ['start', MAX, '0 1 2 3 4 5 6 7 8 9 end'],
    ['start', 3, '0 1 2 end'],
    [3, 2, '3 4 end'],
    [9, 5, '9 end'],
    [10, 5, 'end'],
    [2n ** 63n - 1n, 5, 'end'],
    ['end', 5, unexpected],
    [MAX, 5, unexpected],
    [0, 0, unexpected],
  ])('forwards from %p, %p: %s', async (from, count, expected) => {
    expect(await read(from, count, false)).toBe(expected);
  });

  it.each<[StreamFrom, number | bigint, string]>([
    ['end', MAX, '9 8 7 6 5 4 3 2 1 0 end'],
    [MAX, 1, '9 end'],
    [4, 2, '4 3 end'],
    [99, 2, '9 8 end'],
    ['start', 5, '0 end'],
    ['end', 0, unexpected],
  ])('backwards from %p, %p: %s', async (from, count, expected) => {
    expect(await read(from, count, true)).toBe(expected);
  });

  it('that was never written says so', async () => {
    const messages = await readAll(its.client, onStream('none', 'start'), counted(1, false));
    expect(messages).toEqual(['not_found', 'end']);
  });

  it('in pages loses nothing at their edges', async () => {
    await write('pages', 1000);
    const forwards = await readAll(its.client, onStream('pages', 'start'), counted(2000, false));
    const backwards = await readAll(its.client, onStream('pages', 'end'), counted(2000, true));
    const all = Array.from({ length: 1000 }, (_, i) => `pages/${i}`);
    expect(forwards).toEqual([...all, 'end']);
    expect(backwards).toEqual([...all.toReversed(), 'end']);
  });

  it('says where the stream ends if asked to', async () => {
    const compatible = (options: InstanceType<typeof streams.ReadReq.Options>) => {
      const control = new streams.ReadReq.Options.ControlOption();
      control.setCompatibility(1);
      options.setControlOption(control);
    };
    const read = async (from: StreamFrom) =>
      revisions(await readAll(its.client, onStream('ten', from), counted(1, false), compatible));
    expect(await read(3)).toBe('3 last 9 end');
    expect(await read(99)).toBe('first 10 last 9 end');
  });
});

describe('reading $all', () => {
  const invalid = 'UNKNOWN: Unexpected ReadAllResult: InvalidPosition';
  const refused = 'UNKNOWN: Exception was thrown by handler.';
  const at: Record<string, number> = {};
  const place = (commit: number | bigint, prepare = commit): AllFrom => ({ commit, prepare });
  const read = async (from: AllFrom, count: number, backwards: boolean) =>
    (await readAll(its.client, onAll(from), counted(count, backwards))).join(' ');

  beforeAll(async () => {
    at['a'] = await write('all-a', 1);
    at['b'] = await write('all-b', 1);
    at['c'] = await write('all-c', 1);
  });
  const b = () => at['b'] ?? NaN;
  const c = () => at['c'] ?? NaN;

  it('is inclusive forwards and exclusive backwards', async () => {
    expect(await read(place(b()), 9, false)).toBe('all-b/0 all-c/0 end');
    expect(await read(place(b()), 1, true)).toBe('all-a/0 end');
    expect(await read('end', 2, true)).toBe('all-c/0 all-b/0 end');
    expect(await read('end', 2, false)).toBe('end');
    expect(await read('start', 2, true)).toBe('end');
    expect(await read(place(0), 1, true)).toBe('end');
  });

  it('compares a position by commit, then by prepare', async () => {
    expect(await read(place(b(), 0), 1, false)).toBe('all-b/0 end');
    expect(await read(place(c(), 0), 1, true)).toBe('all-a/0 end');
    expect(await read(place(c(), b()), 1, true)).toBe('all-a/0 end');
  });

  it('refuses positions at which no record begins', async () => {
    expect(await read(place(b() + 1), 1, false)).toBe(invalid);
    expect(await read(place(b() + 1), 1, true)).toBe(invalid);
    expect(await read(place(2n ** 64n - 1n, 0), 1, false)).toBe(invalid);
    expect(await read(place(b(), c()), 1, false)).toBe(refused);
    expect(await read(place(2n ** 63n), 1, false)).toBe(refused);
  });

  it('beyond the end gives nothing forwards and fails backwards', async () => {
    expect(await read(place(c() + 1_000_000), 1, false)).toBe('end');
    expect(await read(place(c() + 1_000_000), 1, true)).toBe(
      'UNKNOWN: Unexpected ReadAllResult: Error',
    );
    expect(await read(place(2n ** 64n - 1n), 1, true)).toBe('all-c/0 end');
  });

  it('can be filtered in both directions; the count counts what passes', async () => {
    const messages = (backwards: boolean) =>
      readAll(
        its.client,
        onAll(backwards ? 'end' : 'start'),
        counted(2, backwards),
        streamPrefix('all-', 1),
      );
    expect(await messages(false)).toEqual(['all-a/0', 'all-b/0', 'end']);
    expect(await messages(true)).toEqual(['all-c/0', 'all-b/0', 'end']);
  });

  it('has positions that rise, and are those the appends were told', async () => {
    const request = readRequest((options) => {
      onAll('start')(options);
      counted(100_000, false)(options);
    });
    const reading = openRead(its.client, request);
    await reading.whole();
    const positions = reading.replies.map((reply) => Number(reply.getEvent()?.getCommitPosition()));
    expect(positions).toEqual([...positions].sort((x, y) => x - y));
    expect(new Set(positions).size).toBe(positions.length);
    expect(positions).toEqual(expect.arrayContaining(Object.values(at)));
  });
});

describe('a read', () => {
  const combination = (text: string) => [
    `INVALID_ARGUMENT: The combination of (${text}) is invalid.`,
  ];
  const refused = ['UNKNOWN: Exception was thrown by handler.'];
  const start = onStream('ten', 'start');
  const filter = streamPrefix('x', 1);
  const backwards = counted(1, true);
  const forwards = counted(1, false);

  it('must be a combination that makes sense', async () => {
    const answer = (...build: Parameters<typeof readAll>[1][]) => readAll(its.client, ...build);
    expect(await answer(start)).toEqual(combination('Stream, None, Forwards, NoFilter'));
    expect(await answer(start, forwards, filter)).toEqual(
      combination('Stream, Count, Forwards, Filter'),
    );
    expect(await answer(start, backwards, asSubscription)).toEqual(
      combination('Stream, Subscription, Backwards, NoFilter'),
    );
    expect(await answer(onAll('start'), backwards, asSubscription, filter)).toEqual(
      combination('All, Subscription, Backwards, Filter'),
    );
    expect(await answer(onStream('', 'start'), forwards)).toEqual(refused);
    expect(await answer(onAll('start'), asSubscription, streamPrefix('x', 1, 0))).toEqual(refused);
  });

  it('must have options, and say which form ids should have', async () => {
    expect(await openRead(its.client, new streams.ReadReq()).whole()).toEqual(refused);
    const message = new streams.ReadReq();
    message.setOptions(new streams.ReadReq.Options());
    expect(await openRead(its.client, message).whole()).toEqual(['INVALID_ARGUMENT: ']);
  });

  it('gives ids as halves when asked to', async () => {
    const request = readRequest((options) => {
      start(options);
      forwards(options);
      const option = new streams.ReadReq.Options.UUIDOption();
      option.setStructured(empty());
      options.setUuidOption(option);
    });
    const reading = openRead(its.client, request);
    await reading.whole();
    const halves = reading.replies[0]?.getEvent()?.getEvent()?.getId()?.getStructured();
    const id = Buffer.from(idOf(`ten0${Math.E}`).replaceAll('-', ''), 'hex');
    expect(halves?.getMostSignificantBits()).toBe(String(id.readBigInt64BE(0)));
    expect(halves?.getLeastSignificantBits()).toBe(String(id.readBigInt64BE(8)));
  });
});

describe('a subscription to a stream', () => {
  it.each<[StreamFrom, string]>([
    ['start', 'confirmation 0 1 2 caught_up 3 4'],
    [0, 'confirmation 1 2 caught_up 3 4'],
    [2, 'confirmation caught_up 3 4'],
    [3, 'confirmation caught_up 4'],
    ['end', 'confirmation caught_up 3 4'],
    [2n ** 64n - 1n, 'confirmation caught_up 3 4'],
  ])('from %p: %s', async (from, expected) => {
    const stream = `sub-${from}`;
    await append(
      its.client,
      stream,
      'any',
      [0, 1, 2].map((i) => ({ id: idOf(`${stream}${i}`) })),
    );
    const subscription = await subscribed(its.client, onStream(stream, from));
    for (const i of [3, 4])
      await append(its.client, stream, 'any', [{ id: idOf(`${stream}${i}`) }]);
    await subscription.until(`${stream}/4`);
    expect(revisions(subscription.messages)).toBe(expected);
    subscription.cancel();
  });

  it('that does not exist yet waits for it', async () => {
    const subscription = await subscribed(its.client, onStream('later', 'start'));
    await append(its.client, 'later', 'any', [{ id: idOf('later') }]);
    await subscription.until('later/0');
    expect(subscription.messages).toEqual(['confirmation', 'caught_up', 'later/0']);
    subscription.cancel();
  });

  it('loses and repeats nothing to a reader that stops for a while, and says when it caught up', async () => {
    const subscription = await subscribed(its.client, onStream('slow', 'start'));
    subscription.call.pause();
    const data = JSON.stringify({ x: 'y'.repeat(2000) });
    for (let i = 0; i < 20; i++) {
      const events = Array.from({ length: 100 }, (_, j) => ({ id: idOf(`slow${i}/${j}`), data }));
      await append(its.client, 'slow', 'any', events);
    }
    subscription.call.resume();
    await subscription.count(2000 + 3);
    const events = subscription.messages.filter((message) => message.startsWith('slow/'));
    expect(events).toEqual(Array.from({ length: 2000 }, (_, i) => `slow/${i}`));
    expect(subscription.messages.at(-1)).toBe('caught_up');
    subscription.cancel();
  });
});

describe('a subscription to $all', () => {
  it('begins after a position, and compares it by commit and prepare', async () => {
    const first = await write('from-1', 1);
    await write('from-2', 1);
    const history = async (from: AllFrom) => {
      const subscription = await subscribed(its.client, onAll(from));
      subscription.cancel();
      return subscription.messages.slice(1, -1);
    };
    expect(await history({ commit: first, prepare: first })).toEqual(['from-2/0']);
    expect(await history({ commit: first, prepare: 0 })).toEqual(['from-1/0', 'from-2/0']);
    expect(await history('end')).toEqual([]);
  });

  it('refuses a position at which no record begins, after the confirmation', async () => {
    const position = (await write('boundary', 1)) - 1;
    const request = readRequest((options) => {
      onAll({ commit: position, prepare: position })(options);
      asSubscription(options);
    });
    expect(await openRead(its.client, request).whole()).toEqual([
      'confirmation',
      'INVALID_ARGUMENT: Trying to read from an invalid position.',
    ]);
  });

  it('delivers everything once and in the order of the log while many write', async () => {
    const subscription = await subscribed(its.client, onAll('end'));
    const writers = Array.from({ length: 8 }, async (_, w) => {
      for (let i = 0; i < 25; i++)
        await append(its.client, `w${w}`, 'any', [{ id: idOf(`w${w}/${i}`) }]);
    });
    await Promise.all(writers);
    await subscription.count(2 + 200);
    const positions = subscription.replies
      .slice(2)
      .map((reply) => Number(reply.getEvent()?.getCommitPosition()));
    expect(positions).toEqual([...positions].sort((x, y) => x - y));
    for (let w = 0; w < 8; w++) {
      const own = subscription.messages.filter((message) => message.startsWith(`w${w}/`));
      expect(own).toEqual(Array.from({ length: 25 }, (_, i) => `w${w}/${i}`));
    }
    subscription.cancel();
  });

  it('with a filter sends checkpoints, from which another goes on without a loss', async () => {
    const first = await write('check-first', 1);
    await write('check-other', 25);
    const from = { commit: first, prepare: first };
    const subscription = await subscribed(its.client, onAll(from), streamPrefix('check-mine', 10));
    const checkpoints = subscription.replies.flatMap((reply) => reply.getCheckpoint() ?? []);
    expect(checkpoints).toHaveLength(2);
    expect(checkpoints[0]?.getCommitPosition()).toBe(String(first));
    expect(Number(checkpoints[1]?.getCommitPosition())).toBeGreaterThan(first);
    await write('check-mine', 1);
    await subscription.until('check-mine/0');
    subscription.cancel();
    const last = checkpoints[1];
    const next = await subscribed(
      its.client,
      onAll({
        commit: BigInt(last?.getCommitPosition() ?? 0),
        prepare: BigInt(last?.getPreparePosition() ?? 0),
      }),
      streamPrefix('check-mine', 10),
    );
    expect(next.messages.filter((m) => m.startsWith('check-mine'))).toEqual(['check-mine/0']);
    next.cancel();
  });

  it('with a filter sends live checkpoints after events that did not pass', async () => {
    const subscription = await subscribed(its.client, onAll('end'), streamPrefix('none-', 3, 2));
    const last = await write('check-live', 6);
    await subscription.count(3);
    expect(subscription.messages).toEqual(['confirmation', 'caught_up', `checkpoint ${last}`]);
    subscription.cancel();
  });
});

describe('a node that stops', () => {
  it('ends open calls with UNAVAILABLE, and starts again on the same log', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'daybook-node-stop-'));
    const first = await startEventNode({ dataDir: folder });
    const other = connect(first.port);
    await append(other, 's', 'any', [{ id: idOf('stop') }]);
    const subscription = await subscribed(other, onStream('s', 'start'));
    await first.stop();
    expect((await subscription.whole()).at(-1)).toMatch(/^UNAVAILABLE: /);
    const second = await startEventNode({ dataDir: folder, port: first.port });
    const again = connect(second.port);
    expect(await readAll(again, onStream('s', 'start'), counted(9, false))).toEqual(['s/0', 'end']);
    other.close();
    again.close();
    await second.stop();
    rmSync(folder, { recursive: true });
  });
});
