// Deleted streams on the wire: what a delete and a tombstone answer, what is left of a stream, how it
// comes back, and what its metadata hide.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventNode } from '../../src/embedded/event-node/start.js';
import { lettered, prepare, setMetadata } from '../support/event-node-states.js';
import {
  append,
  connect,
  counted,
  deleteStream,
  idOf,
  onAll,
  onStream,
  openRead,
  readAll,
  readRequest,
  subscribed,
  type Expected,
} from '../support/event-node-wire.js';
import { nodeOfTheFile } from '../support/node-of-the-file.js';
import { DELETIONS, STATES } from './append-decisions.js';

const its = nodeOfTheFile();

const write = async (stream: string, expected: Expected, letters: string) =>
  (await append(its.client, stream, expected, lettered(stream, letters))).text;
const remove = async (kind: 'delete' | 'tombstone', stream: string, expected: Expected = 'any') =>
  (await deleteStream(its.client, kind, { stream, expected })).text;
const read = async (stream: string, from: 'start' | number = 'start', backwards = false) =>
  (await readAll(its.client, onStream(stream, backwards ? 'end' : from), counted(100, backwards)))
    .map((message) => message.replace(`${stream}/`, ''))
    .join(' ');
const gone = (stream: string) =>
  `FAILED_PRECONDITION: Event stream '${stream}' is deleted. [stream-deleted]`;

/** Data of the last metadata of a stream. */
async function metadataOf(stream: string): Promise<string | undefined> {
  const request = readRequest((options) => {
    onStream(`$$${stream}`, 'end')(options);
    counted(1, true)(options);
  });
  const reading = openRead(its.client, request);
  await reading.whole();
  const event = reading.replies[0]?.getEvent()?.getEvent();
  return event && Buffer.from(event.getData_asU8()).toString();
}

describe('the decision on a delete or a tombstone', () => {
  it.each(DELETIONS.map((row, i) => ({ ...row, i })))(
    '$kind, $state, expected $expected: $outcome',
    async ({ kind, state, expected, outcome, i }) => {
      const stream = `deletion-${i}`;
      await prepare(its.client, stream, STATES[state]);
      const [word, revision] = outcome.split(' ');
      const told = { any: -2, no_stream: -1, stream_exists: -4 };
      const number = typeof expected === 'string' ? told[expected] : expected;
      const wrong =
        `FAILED_PRECONDITION: Delete failed due to WrongExpectedVersion. Stream: ${stream}, ` +
        `Expected version: ${number}, Actual version: ${revision} [wrong-expected-version]`;
      const answers: Record<string, string> = { ok: 'ok', deleted: gone(stream), wrong };
      expect(await remove(kind, stream, expected)).toBe(answers[word ?? '']);
    },
  );

  const refused = 'UNKNOWN: Exception was thrown by handler.';
  it.each(['delete', 'tombstone'] as const)('refuses a malformed %s', async (kind) => {
    const answer = async (target: Parameters<typeof deleteStream>[2]) =>
      (await deleteStream(its.client, kind, target)).text;
    expect(await answer(undefined)).toBe(refused);
    expect(await answer({ expected: 'any' })).toBe(refused);
    expect(await answer({ stream: '', expected: 'any' })).toBe(refused);
    expect(await answer({ stream: 'malformed', expected: 2n ** 63n })).toBe(refused);
    const type = { delete: 'DeleteReq', tombstone: 'TombstoneReq' }[kind];
    expect(await answer({ stream: 'malformed' })).toBe(
      `INVALID_ARGUMENT: 'None' is not a valid EventStore.Client.Streams.${type}+Types+Options+` +
        'ExpectedStreamRevisionOneofCase',
    );
  });

  it('tells names outside of ASCII in trailers that any client can read', async () => {
    await remove('tombstone', 'strêam\n😀');
    const text = await write('strêam\n😀', 'any', 'a');
    expect(text).toBe(gone('strêam\n😀'));
  });

  it('tells the beginning of a name that is too long for trailers', async () => {
    const long = '😀'.repeat(60_000);
    expect(await remove('tombstone', long)).toBe('ok');
    expect(await write(long, 'any', 'a')).toMatch(
      /^FAILED_PRECONDITION: Event stream '(😀)+\.\.\. \[stream-deleted\]$/u,
    );
  });
});

describe('a deleted stream', () => {
  it('is not found, comes back where it ended, and hides what was before', async () => {
    const s = 'steps';
    await write(s, 'no_stream', 'abc');
    expect(await remove('delete', s, 2n)).toBe('ok');
    expect(await read(s)).toBe('not_found end');
    expect(await metadataOf(s)).toBe('{"$tb":9223372036854775807}');
    expect(await write(s, 'any', 'abc')).toBe('ok 2');
    expect(await read(s)).toBe('not_found end');
    expect(await write(s, 'no_stream', 'd')).toBe('ok 3');
    expect(await read(s)).toBe('3 end');
    expect(await metadataOf(s)).toBe('{"$tb":3}');
    expect(await remove('delete', s)).toBe('ok');
    expect(await remove('delete', s)).toBe('ok');
    expect(await write(s, 3n, 'ef')).toBe('ok 5');
    expect(await read(s)).toBe('4 5 end');
    expect(await read(s, 0)).toBe('4 5 end');
    expect(await read(s, 'start', true)).toBe('5 4 end');
    expect(await remove('tombstone', s)).toBe('ok');
    expect(await read(s)).toBe(gone(s));
    expect(await read(`$$${s}`)).toBe(gone(`$$${s}`));
    expect((await setMetadata(its.client, s, '{}')).text).toBe(gone(`$$${s}`));
  });

  it('comes back with an append of nothing, or with metadata, and keeps what these say', async () => {
    await prepare(its.client, 'empty', STATES['soft-deleted']);
    expect(await write('empty', 'any', '')).toBe('ok 2');
    expect(await read('empty')).toBe('end');
    expect(await metadataOf('empty')).toBe('{"$tb":3}');
    await prepare(its.client, 'meta', STATES['soft-deleted']);
    await setMetadata(its.client, 'meta', '{ "mine": "x", "$tb": 1 }');
    expect(await read('meta')).toBe('end');
    expect(await metadataOf('meta')).toBe('{"mine":"x","$tb":3}');
    await prepare(its.client, 'bad', STATES['soft-deleted']);
    await setMetadata(its.client, 'bad', '{{{');
    expect(await read('bad')).toBe('0 1 2 end');
  });

  it('can be one that only has metadata', async () => {
    await setMetadata(its.client, 'only', '{"$maxCount":5}');
    expect(await read('only')).toBe('not_found end');
    expect(await remove('delete', 'only')).toBe('ok');
    expect(await write('only', 'no_stream', 'a')).toBe('ok 0');
    expect(await read('only')).toBe('0 end');
  });

  it('may have been deleted by hand', async () => {
    await write('by-hand', 'any', 'ab');
    await setMetadata(its.client, 'by-hand', '{"$tb":9223372036854775807,"mine":1}');
    expect(await read('by-hand')).toBe('not_found end');
    expect(await write('by-hand', 'no_stream', 'c')).toBe('ok 2');
    expect(await metadataOf('by-hand')).toBe('{"$tb":2,"mine":1}');
  });

  it('stays in $all with what ended it, and its tombstone', async () => {
    const first = await append(its.client, 'in-all', 'any', lettered('in-all', 'a'));
    const deleted = await deleteStream(its.client, 'delete', { stream: 'in-all', expected: 'any' });
    await write('in-all', 'any', 'b');
    const ended = await deleteStream(its.client, 'tombstone', {
      stream: 'in-all',
      expected: 'any',
    });
    const from = { commit: first.position ?? 0, prepare: first.position ?? 0 };
    const messages = await readAll(its.client, onAll(from), counted(100, false));
    const tombstone = 'in-all/9223372036854775807';
    expect(messages).toEqual([
      ...['in-all/0', '$$in-all/0', 'in-all/1', '$$in-all/1', tombstone, 'end'],
    ]);
    const at = (position = 0) => onAll({ commit: position, prepare: position });
    expect(await readAll(its.client, at(deleted.position), counted(1, false))).toContain(
      '$$in-all/0',
    );
    expect(await readAll(its.client, at(ended.position), counted(1, false))).toContain(tombstone);
  });

  it('is as it was after a restart, and new streams are new', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'daybook-node-deleted-'));
    let own = await startEventNode({ dataDir: folder });
    let caller = connect(own.port);
    await prepare(caller, 's', STATES['soft-deleted']);
    await prepare(caller, 'last', ['tombstone']);
    caller.close();
    await own.stop();
    own = await startEventNode({ dataDir: folder });
    caller = connect(own.port);
    await prepare(caller, 'new', [{ write: 'a' }]);
    const all = (stream: string) => readAll(caller, onStream(stream, 'start'), counted(9, false));
    expect(await all('new')).toEqual(['new/0', 'end']);
    expect(await all('last')).toEqual([gone('last')]);
    expect(await all('s')).toEqual(['not_found', 'end']);
    expect((await append(caller, 's', 'any', [{ id: idOf('s/b') }])).text).toBe('ok 3');
    caller.close();
    await own.stop();
    rmSync(folder, { recursive: true });
  });
});

describe('the metadata of a stream', () => {
  it.each([
    ['{"$maxCount":2}', '2 3 end', '3 2 end'],
    ['{"$tb":3}', '3 end', '3 end'],
    ['{"$tb":1,"$maxCount":2}', '2 3 end', '3 2 end'],
    ['{"$tb":3,"$maxCount":2}', '3 end', '3 end'],
    ['{"$tb":9}', 'end', 'end'],
    ['{"$maxAge":100000}', '0 1 2 3 end', '3 2 1 0 end'],
    ['{"$maxCount":"2"}', '0 1 2 3 end', '3 2 1 0 end'],
  ])('%s leave %s', async (metadata, forwards, backwards) => {
    const stream = `limited by ${metadata}`;
    await write(stream, 'any', 'abcd');
    await setMetadata(its.client, stream, metadata);
    expect(await read(stream)).toBe(forwards);
    expect(await read(stream, 'start', true)).toBe(backwards);
  });

  it('count only if they are marked as JSON, and only the last of them', async () => {
    await write('marked', 'any', 'abcd');
    const binary = { type: '$metadata', 'content-type': 'application/octet-stream' };
    const data = '{"$maxCount":2}';
    await append(its.client, '$$marked', 'any', [{ id: idOf('b'), metadata: binary, data }]);
    expect(await read('marked')).toBe('0 1 2 3 end');
    await setMetadata(its.client, 'marked', data);
    expect(await read('marked')).toBe('2 3 end');
    await setMetadata(its.client, 'marked', '{}');
    expect(await read('marked')).toBe('0 1 2 3 end');
    expect(await read('$$marked')).toBe('2 end');
    expect(await read('$$marked', 0)).toBe('2 end');
  });

  it('hide what is too old until they allow more', async () => {
    await write('aging', 'any', 'ab');
    await setMetadata(its.client, 'aging', '{"$maxAge":1}');
    while ((await read('aging')) !== 'end') await new Promise((r) => setTimeout(r, 50));
    expect(await read('aging', 'start', true)).toBe('end');
    await setMetadata(its.client, 'aging', '{"$maxAge":1000}');
    expect(await read('aging')).toBe('0 1 end');
  });

  it('survive a delete of their own stream, and end with its tombstone', async () => {
    await write('own', 'any', 'ab');
    await setMetadata(its.client, 'own', '{"$tb":1}');
    expect(await remove('delete', '$$own')).toBe('ok');
    expect(await read('own')).toBe('1 end');
    expect(await remove('tombstone', '$$own')).toBe('ok');
    expect(await read('own')).toBe('0 1 end');
    expect(await read('$$own')).toBe(gone('$$own'));
    expect(await remove('delete', 'own')).toBe(gone('$$own'));
    expect(await write('own', 'any', 'c')).toBe('ok 2');
  });
});

describe('a subscription to a stream that is deleted', () => {
  const messagesOf = async (stream: string, ...steps: [() => Promise<unknown>, string?][]) => {
    const subscription = await subscribed(its.client, onStream(stream, 'start'));
    for (const [act, last] of steps) {
      await act();
      if (last) await subscription.until(last);
    }
    if (steps.every(([, last]) => !last)) await subscription.whole();
    subscription.cancel();
    return subscription.messages.map((message) => message.replace(`${stream}/`, '')).join(' ');
  };
  const end = '9223372036854775807';

  it('goes on with what comes after a delete', async () => {
    await write('watched', 'any', 'ab');
    expect(
      await messagesOf(
        'watched',
        [() => remove('delete', 'watched')],
        [() => write('watched', 'any', 'c'), 'watched/2'],
        [() => remove('delete', 'watched')],
        [() => write('watched', 'any', 'd'), 'watched/3'],
      ),
    ).toBe('confirmation 0 1 caught_up 2 3');
    expect(await messagesOf('watched', [() => write('watched', 'any', 'e'), 'watched/4'])).toBe(
      'confirmation 3 caught_up 4',
    );
  });

  it('skips what is hidden, but not what comes', async () => {
    await write('hidden', 'any', 'abc');
    await setMetadata(its.client, 'hidden', '{"$tb":50}');
    expect(await messagesOf('hidden', [() => write('hidden', 'any', 'd'), 'hidden/3'])).toBe(
      'confirmation caught_up 3',
    );
  });

  it('ends with the tombstone, or with any event of that type', async () => {
    await write('ending', 'any', 'a');
    const tombstone = () => remove('tombstone', 'ending');
    expect(await messagesOf('ending', [tombstone])).toBe(
      `confirmation 0 caught_up ${end} ${gone('ending')}`,
    );
    expect(await messagesOf('ending')).toBe(gone('ending'));
    const like = { type: '$streamDeleted', 'content-type': 'application/json' };
    const write2 = () => append(its.client, 'like', 'any', [{ id: idOf('like'), metadata: like }]);
    expect(await messagesOf('like', [write2])).toBe(`confirmation caught_up 0 ${gone('like')}`);
    expect(await messagesOf('like')).toBe(`confirmation 0 ${gone('like')}`);
  });
});
