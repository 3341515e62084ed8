// Appends of either kind, message by message: sizes, kinds of events, ids.
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import {
  appendOptions,
  appendProposed,
  briefAppend,
  event,
  expected,
  JSON_METADATA,
  type WireEvent,
} from '../wire/append.js';
import { id, labelsOf } from '../wire/ids.js';
import { structuredUuid } from '../wire/protobuf.js';
import { brief, eventsIn, type Recorded } from '../wire/read-reply.js';
import { all, counted, onStream } from '../wire/read-request.js';
import { type Server } from '../wire/server.js';
import { type Subject } from '../scenario.js';
import { rawThroughBothKinds, type AppendOfEitherKind } from './both-kinds.js';
import { streamsOf } from './streams.js';

const APPEND_BYTES_MAX = 1_048_576;
const OCTETS = 'application/octet-stream';

export const appendEvents: Subject = (server) => {
  const { rawAppend, rawAppendMessages } = server;
  const { readFrom } = streamsOf(server);
  const read = (stream: string, count = 50) => readFrom(stream, 'start', count);

  return {
    ...rawThroughBothKinds(server, 'append: size limit', async (say, stream, append) => {
      let count = 0;
      const sized = ([data, custom = 0, type = 1]: Sizes) =>
        event(`${stream}${count++}`, {
          data: Buffer.alloc(data, 120),
          custom: Buffer.alloc(custom, 120),
          meta: { type: 'T'.repeat(type), 'content-type': OCTETS },
        });
      for (const [step, ...sizes] of SIZES) {
        say(step, briefAppend(await append(stream, 'any', sizes.map(sized))));
      }
      const length = (part: Recorded['data']) => (typeof part === 'string' ? part.length : NaN);
      const lengths = (e: Recorded) => [e.rev, length(e.data), length(e.custom), e.type?.length];
      say(
        'read: revision, lengths of data, metadata, type',
        (await read(stream, 12)).map((message) => brief(message, lengths)),
      );
    }),

    ...rawThroughBothKinds(server, 'append: message limit', async (say, stream, append) => {
      // Above about 16 MiB in one message the transport refuses it.
      const huge = event(stream, { data: 'x', custom: Buffer.alloc(17_000_000, 120) });
      say('17 MB of metadata in one message', await append(stream, 'any', [huge]));
      say(
        'read',
        (await readFrom(stream, 'start', 50)).map((message) => brief(message)),
      );
    }),

    ...rawThroughBothKinds(server, 'append: kinds of events', async (say, stream, append) => {
      for (const [step, more] of Object.entries(KINDS)) {
        const reply = await append(stream, 'any', [event(`${stream} ${step}`, more)]);
        say(step, briefAppend(reply));
      }
      const short = (type = '') => (type.length > 100 ? `${type.length} characters` : type);
      say(
        'read',
        (await read(stream)).map((message) =>
          brief(message, (e) => ({ ...e, type: short(e.type) })),
        ),
      );
    }),

    ...rawThroughBothKinds(server, 'append: ids', (say, stream, append) =>
      formsOfIds(server, stream, append, say),
    ),

    'append: structured ids': async (say) => {
      const stream = 'append-structured-ids';
      const structured = appendProposed(event('asi'));
      structured.getProposedMessage()?.setId(structuredUuid(id('asi')));
      const options = appendOptions(stream, expected.noStream);
      say('append', await rawAppendMessages([options, structured]));
      const again = await rawAppend(stream, expected.noStream, [event('asi')]);
      say('the same as a string', briefAppend(again));
      const half = appendProposed(event('asi2'));
      half.getProposedMessage()?.setId(new sharedPb.UUID());
      const reply = await rawAppendMessages([appendOptions(stream, expected.any), half]);
      say('id without a value', reply);
    },

    ...rawThroughBothKinds(server, 'append: many events', async (say, stream, append) => {
      const count = 5000;
      const events = labelsOf(stream, count).map((label) => event(label, { data: '' }));
      say('5,000 empty events at once', briefAppend(await append(stream, 'noStream', events)));
      const revisions = eventsIn(await read(stream, 10_000)).map(({ rev }) => rev);
      const inOrder = revisions.every((revision, place) => revision === String(place));
      say('read back in order', revisions.length === count && inOrder);
    }),
  };
};

type Sizes = [data: number, custom?: number, type?: number];

/** Appends of events of these sizes in bytes. */
const SIZES: [step: string, ...Sizes[]][] = [
  ['data at the limit', [APPEND_BYTES_MAX]],
  ['data one byte over', [APPEND_BYTES_MAX + 1]],
  ['data at the limit, 1,000 bytes of metadata', [APPEND_BYTES_MAX, 1000]],
  ['no data, metadata one byte over', [0, APPEND_BYTES_MAX + 1]],
  ['no data, 2 MiB of metadata', [0, 2 * APPEND_BYTES_MAX]],
  ['data at the limit, type of 1,000 characters', [APPEND_BYTES_MAX, 0, 1000]],
  ['one byte of data, 2 MiB of metadata', [1, 2 * APPEND_BYTES_MAX]],
  ['two events, data at the limit together', [APPEND_BYTES_MAX / 2], [APPEND_BYTES_MAX / 2]],
  ['two events, data one byte over together', [APPEND_BYTES_MAX / 2], [APPEND_BYTES_MAX / 2 + 1]],
  [
    'two events at the limit of data, metadata beside',
    [APPEND_BYTES_MAX / 2, 5000],
    [APPEND_BYTES_MAX / 2, 5000],
  ],
  ['1,000 events of 1,000 bytes', ...Array.from({ length: 1000 }, (): Sizes => [1000])],
];

const typed = (type: string, contentType = 'application/json') => ({
  type,
  'content-type': contentType,
});

const KINDS: Record<string, Partial<WireEvent>> = {
  'empty data': { data: '' },
  'custom metadata, JSON': { custom: '{"a":1}' },
  'custom metadata, not JSON': { custom: '{{' },
  'custom metadata, binary': { custom: Buffer.from([0, 255, 1]) },
  'data, binary, as JSON': { data: Buffer.from([0, 255, 1]) },
  'more metadata keys': { meta: { ...JSON_METADATA, extra: 'x', created: '5', stream: 'y' } },
  'content type in capitals': { meta: typed('T', 'Application/JSON') },
  'content type with charset': { meta: typed('T', 'application/json; charset=utf-8') },
  'content type empty': { meta: typed('T', '') },
  'octet-stream': { meta: typed('T', OCTETS) },
  'type with spaces and unicode': { meta: typed(' T ü 漢 ') },
  'type $x': { meta: typed('$x') },
  'type $>': { meta: typed('$>'), data: '0@nowhere' },
  'type $streamDeleted': { meta: typed('$streamDeleted') },
  'type $metadata': { meta: typed('$metadata') },
  'type of 10,000 characters': { meta: typed('T'.repeat(10_000)) },
};

async function formsOfIds(
  server: Server,
  stream: string,
  append: AppendOfEitherKind,
  say: (step: string, value: unknown) => void,
): Promise<void> {
  const rest = id(stream).slice(1);
  const differing = (digit: number) => `${digit}${rest}`;
  const forms = {
    capitals: differing(1).toUpperCase(),
    'no dashes': differing(2).replace(/-/g, ''),
    braces: `{${differing(3)}}`,
    parentheses: `(${differing(4)})`,
    'spaces around': ` ${differing(5)} `,
    'capitals again in small letters': differing(1),
    'not an id': 'zzz',
    nil: '00000000-0000-0000-0000-000000000000',
    empty: '',
  };
  for (const [step, form] of Object.entries(forms)) {
    const own = `${stream}-${step.startsWith('capitals') ? 'c' : step}`;
    say(step, briefAppend(await append(own, 'any', [event('', { id: form })])));
  }
  const asRead: Record<string, string[]> = {};
  for (const name of ['c', 'no dashes', 'braces', 'parentheses', 'spaces around']) {
    const read = server.openRead(all(onStream(`${stream}-${name}`, 'start'), counted(5)));
    await read.until(() => read.ended);
    asRead[name] = read.rawMessages.map((reply) => {
      const value = reply.getEvent()?.getEvent()?.getId()?.getString() ?? 'none';
      return value.slice(1) === rest ? `${value[0]}, small letters and dashes` : value;
    });
  }
  say('as read', asRead);
}
