// What Append and BatchAppend answer on the wire. Goal: every row of the commit decision through both
// calls, every error with its exact status, and exactly one reply per correlation id.
import { status } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { lettered, prepare, visible } from '../support/event-node-states.js';
import {
  append,
  appendMessages,
  appendOptions,
  appendProposed,
  counted,
  DEFAULT_METADATA,
  idOf,
  onAll,
  onStream,
  openBatch,
  openRead,
  readAll,
  readRequest,
  type Appended,
} from '../support/event-node-wire.js';
import { nodeOfTheFile } from '../support/node-of-the-file.js';
import { DECISIONS, STATES, titleOf, type DecisionCase } from './append-decisions.js';

const SIZE_MAX = 1_048_576;
const its = nodeOfTheFile();

const events = (...labels: string[]) => labels.map((label) => ({ id: idOf(label) }));
const stored = (stream: string) =>
  readAll(its.client, onStream(stream, 'start'), counted(1000, false));

describe.each(['unary', 'batch'] as const)('the decision on an append (%s)', (kind) => {
  const rows = DECISIONS.map((row, i) => ({ ...row, title: titleOf(row), i }));
  const appendOf = async (row: DecisionCase, stream: string): Promise<Appended> => {
    const sent = lettered(stream, row.ids);
    if (kind === 'unary') return append(its.client, stream, row.expected, sent);
    const batch = openBatch(its.client);
    batch.send({ id: stream, stream, expected: row.expected, events: sent, final: true });
    await batch.count(1);
    batch.cancel();
    return {
      text: batch.replies[0]?.slice(stream.length + 1) ?? '',
      position: batch.positions[0],
    };
  };
  const deleted = {
    unary: (stream: string) =>
      `FAILED_PRECONDITION: Event stream '${stream}' is deleted. [stream-deleted]`,
    batch: () => 'NOT_FOUND StreamDeleted',
  }[kind];

  it.each(rows)('$title', async ({ i, ...row }) => {
    const stream = `decision-${kind}-${i}`;
    const before = await prepare(its.client, stream, STATES[row.state]);

    const { text, position } = await appendOf(row, stream);

    const [word, revision] = row.outcome.split(' ');
    if (word === 'deleted') expect(text).toBe(deleted(stream));
    else expect(text).toBe(`${word === 'wrong' ? 'wrong' : 'ok'} ${revision}`);
    if (word === 'same') expect(position).toBe(before.get(Number(revision)));
    if (word === 'hidden') expect(position).toBeUndefined();
    if (word === 'new') expect(position).toBeGreaterThan(Math.max(0, ...before.values()));
    if (word === 'new' && row.ids.length > 0 && !row.state.startsWith('truncated beyond')) {
      expect((await visible(its.client, stream)).at(-1)).toEqual([Number(revision), position]);
    }
    const last = before.size - 1 + (word === 'new' ? row.ids.length : 0);
    const next = await append(its.client, stream, 'any', events(`${stream}/next`));
    const isGone = row.state.startsWith('tombstoned');
    expect(next.text).toMatch(isGone ? / is deleted/ : new RegExp(`^ok ${last + 1}$`));
  });
});

describe('an append', () => {
  const refused = 'UNKNOWN: Exception was thrown by handler.';
  const missing = (property: string) =>
    `INVALID_ARGUMENT: Required Metadata Property '${property}' is missing [missing-required-metadata-property]`;
  const noExpectation =
    "INVALID_ARGUMENT: 'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase";
  const json = { 'content-type': 'application/json' };

  it.each([
    ['no type', { id: idOf('e1'), metadata: json }, missing('type')],
    ['no content type', { id: idOf('e2'), metadata: { type: 'T' } }, missing('content-type')],
    ['an empty type', { id: idOf('e3'), metadata: { ...json, type: '' } }, refused],
    ['no id', { id: null }, refused],
    ['a malformed id', { id: 'zzz' }, refused],
    ['a nil id', { id: '00000000-0000-0000-0000-000000000000' }, refused],
  ])('with an event with %s is refused as a whole', async (_what, event, expected) => {
    const { text } = await append(its.client, 'refused', 'any', [...events('good'), event]);
    expect(text).toBe(expected);
    expect(await stored('refused')).toEqual(['not_found', 'end']);
  });

  it.each([
    ['nothing', [], refused],
    ['an empty message', [new streams.AppendReq()], refused],
    ['an event first', [appendProposed({ id: idOf('f') })], refused],
    ['no stream', [appendOptions(undefined, 'any')], refused],
    ['an empty stream name', [appendOptions('', 'any')], refused],
    ['no expected revision', [appendOptions('refused', undefined)], noExpectation],
    ['options twice', [appendOptions('refused', 'any'), appendOptions('refused', 'any')], refused],
    ['revision 2^63', [appendOptions('refused', 2n ** 63n)], refused],
  ])('that sends %s is refused', async (_what, messages, expected) => {
    expect((await appendMessages(its.client, messages)).text).toBe(expected);
  });

  it('takes 2^64-1 for no stream', async () => {
    const { text } = await append(its.client, 'none-by-number', 2n ** 64n - 1n, events('n'));
    expect(text).toBe('ok 0');
  });

  it('may hold a mebibyte of data, and not a byte more', async () => {
    const sized = (label: string, ...sizes: number[]) =>
      append(
        its.client,
        'sizes',
        'any',
        sizes.map((size, i) => ({ id: idOf(`${label}${i}`), data: Buffer.alloc(size, 120) })),
      );
    const tooLarge =
      'INVALID_ARGUMENT: Maximum Append Size of 1048576 Exceeded. [maximum-append-size-exceeded]';
    expect((await sized('a', SIZE_MAX)).text).toBe('ok 0');
    expect((await sized('b', SIZE_MAX + 1)).text).toBe(tooLarge);
    expect((await sized('c', SIZE_MAX / 2, SIZE_MAX / 2 + 1)).text).toBe(tooLarge);
    expect((await sized('d', SIZE_MAX / 2, SIZE_MAX / 2)).text).toBe('ok 2');
  });

  it('keeps every byte of an event, its type and its metadata', async () => {
    const event = {
      id: idOf('kept'),
      metadata: { type: ' Typ ü 漢 ', 'content-type': 'application/octet-stream', other: 'x' },
      data: Buffer.from([0, 255, 1]),
      custom: Buffer.from([9, 0, 254]),
    };
    const { position } = await append(its.client, 'bytes', 'any', [event]);
    const request = readRequest((options) => {
      onStream('bytes', 'start')(options);
      counted(1, false)(options);
    });
    const reading = openRead(its.client, request);
    await reading.whole();
    const recorded = reading.replies[0]?.getEvent()?.getEvent();
    expect(Buffer.from(recorded?.getData_asU8() ?? [])).toEqual(event.data);
    expect(Buffer.from(recorded?.getCustomMetadata_asU8() ?? [])).toEqual(event.custom);
    expect(recorded?.getId()?.getString()).toBe(event.id);
    expect(recorded?.getCommitPosition()).toBe(String(position));
    const metadata = Object.fromEntries(recorded?.getMetadataMap().toObject() ?? []);
    expect(metadata).toEqual({
      type: ' Typ ü 漢 ',
      'content-type': 'application/octet-stream',
      created: expect.stringMatching(/^\d{17}$/) as string,
    });
  });

  it('that is cancelled before its half-close writes nothing', async () => {
    await new Promise<void>((resolve) => {
      const call = its.client.append((error) => {
        expect(error?.code).toBe(status.CANCELLED);
        resolve();
      });
      call.write(appendOptions('cancelled', 'any'));
      call.write(appendProposed({ id: idOf('cancelled') }), () => call.cancel());
    });
    await append(its.client, 'after-cancelled', 'any', events('x'));
    expect(await stored('cancelled')).toEqual(['not_found', 'end']);
  });

  it('without events takes a position of its own, but shows nowhere', async () => {
    const first = await append(its.client, 'empty-1', 'any', events('e-1'));
    const nothing = await append(its.client, 'empty-1', 'any', []);
    const second = await append(its.client, 'empty-1', 'any', events('e-2'));
    expect(nothing.text).toBe('ok 0');
    expect(nothing.position).toBeGreaterThan(first.position ?? Infinity);
    expect(second.position).toBeGreaterThan(nothing.position ?? Infinity);
    const at = { commit: nothing.position ?? 0, prepare: nothing.position ?? 0 };
    expect(await readAll(its.client, onAll(at), counted(1, false))).toEqual(['empty-1/1', 'end']);
  });
});

describe('a batch', () => {
  it('takes an append in chunks, interleaved with others', async () => {
    const batch = openBatch(its.client);
    batch.send({ id: 'c1', stream: 'chunks-1', expected: 'no_stream', events: events('c1a') });
    batch.send({ id: 'c2', stream: 'chunks-2', expected: 'any', events: events('c2a') });
    batch.send({ id: 'c1', options: false, events: events('c1b') });
    batch.send({ id: 'c2', options: false, final: true });
    batch.send({ id: 'c1', options: false, events: events('c1c'), final: true });
    await batch.count(2);
    expect([...batch.replies].sort()).toEqual(['chunks-1 ok 2', 'chunks-2 ok 0']);
    batch.cancel();
  });

  it('drops chunks of an id it does not know', async () => {
    const batch = openBatch(its.client);
    batch.send({ id: 'u1', options: false, events: events('u1'), final: true });
    batch.send({ id: 'u2', stream: 'unknown', expected: 'any', events: events('u2'), final: true });
    await batch.count(1);
    expect(batch.replies).toEqual(['unknown ok 0']);
    batch.cancel();
  });

  it('answers a bad event once, and goes on with other appends', async () => {
    const batch = openBatch(its.client);
    const bad = { id: idOf('bad'), metadata: {} };
    const good = events('b1', 'b2');
    batch.send({ id: 'b', stream: 'bad', expected: 'any', events: [...good, bad], final: true });
    batch.send({ id: 'b', options: false, events: events('b3'), final: true });
    batch.send({ id: 'o', stream: 'other', expected: 'any', events: events('o'), final: true });
    await batch.count(2);
    batch.halfClose();
    expect(await batch.ended()).toBe('OK');
    expect(batch.replies).toEqual(['bad INVALID_ARGUMENT BadRequest', 'other ok 0']);
    expect(await stored('bad')).toEqual(['not_found', 'end']);
  });

  it.each([
    ['no stream', { stream: undefined, expected: 'any' as const }, ' INVALID_ARGUMENT BadRequest'],
    ['no expected revision', { stream: 's' }, 's INVALID_ARGUMENT BadRequest'],
    ['revision 2^63', { stream: 's', expected: 2n ** 63n }, 's INVALID_ARGUMENT BadRequest'],
  ])('refuses %s', async (_what, chunk, expected) => {
    const batch = openBatch(its.client);
    batch.send({ id: 'r', ...chunk, events: events('r'), final: true });
    await batch.count(1);
    expect(batch.replies).toEqual([expected]);
    batch.cancel();
  });

  it('refuses an append that is too large, and drops the rest of it', async () => {
    const batch = openBatch(its.client);
    const half = {
      id: idOf('half'),
      data: Buffer.alloc(SIZE_MAX / 2 + 1),
      metadata: DEFAULT_METADATA,
    };
    batch.send({ id: 'l', stream: 'large', expected: 'any', events: [half] });
    batch.send({ id: 'l', options: false, events: [half] });
    batch.send({ id: 'l', options: false, final: true });
    batch.send({ id: 'm', stream: 'small', expected: 'any', events: events('m'), final: true });
    await batch.count(2);
    expect(batch.replies).toEqual([
      'large INVALID_ARGUMENT MaximumAppendSizeExceeded',
      'small ok 0',
    ]);
    batch.cancel();
  });

  it('times out an append whose deadline has passed, or that is never completed', async () => {
    const batch = openBatch(its.client);
    const past = { stream: 'late', expected: 'any' as const, deadlineMs: Date.now() - 1000 };
    batch.send({ id: 'd1', ...past, events: events('d1'), final: true });
    batch.send({ id: 'd2', stream: 'open', expected: 'any', deadlineMs: Date.now() + 100 });
    await batch.count(2);
    batch.send({ id: 'd2', options: false, events: events('d2'), final: true });
    batch.send({ id: 'd3', stream: 'in-time', expected: 'any', events: events('d3'), final: true });
    await batch.count(3);
    expect(batch.replies).toEqual([
      'late DEADLINE_EXCEEDED Timeout',
      'open DEADLINE_EXCEEDED Timeout',
      'in-time ok 0',
    ]);
    batch.cancel();
  });

  it('answers what is under way after a half-close, then ends', async () => {
    const batch = openBatch(its.client);
    for (let i = 0; i < 20; i++) {
      const chunk = { stream: 'half-closed', expected: 'any' as const, final: true };
      batch.send({ id: `h${i}`, ...chunk, events: events(`h${i}`) });
    }
    batch.halfClose();
    expect(await batch.ended()).toBe('OK');
    expect(batch.replies).toHaveLength(20);
  });

  it('lets one of many win at the same revision', async () => {
    const batch = openBatch(its.client);
    for (let i = 0; i < 50; i++) {
      const chunk = { stream: 'race', expected: 'no_stream' as const, final: true };
      batch.send({ id: `w${i}`, ...chunk, events: events(`w${i}`) });
    }
    await batch.count(50);
    expect(batch.replies.filter((reply) => reply === 'race ok 0')).toHaveLength(1);
    expect(batch.replies.filter((reply) => reply === 'race wrong 0')).toHaveLength(49);
    batch.cancel();
  });
});
