// Append, message by message: what is refused, and with which status.
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status as codes } from '@grpc/grpc-js';
import {
  appendMessages,
  appendOptions,
  appendProposed,
  briefAppend,
  conflictFields,
  event,
  expected,
  expectedAt,
  type Expectation,
  type WireEvent,
} from '../wire/append.js';
import { BEYOND_LONG, MAX_LONG, MAX_ULONG } from '../wire/numbers.js';
import { type Subject } from '../scenario.js';
import { brief, present } from '../wire/read-reply.js';
import { all, counted, onStream } from '../wire/read-request.js';
import { streamsOf } from './streams.js';

const JSON_TYPE = 'application/json';

export const appendErrors: Subject = (server) => {
  const { rawAppend, rawAppendMessages, rawRead, target } = server;
  const { readFrom } = streamsOf(server);

  return {
    'raw append errors': async (say) => {
      const stream = 'raw-append';
      const append = (label: string, more: Partial<WireEvent>, to = stream) =>
        rawAppend(to, expected.any, [event(label, more)]);
      say('no type', await append('ra1', { meta: { 'content-type': JSON_TYPE } }));
      say('no content type', await append('ra2', { meta: { type: 'T' } }));
      say('empty type', await append('ra3', { meta: { type: '', 'content-type': JSON_TYPE } }));
      const text = { type: 'T', 'content-type': 'text/plain' };
      say('odd content type', await append('ra4', { meta: text }));
      say('json that is not', await append('ra5', { data: '{{{' }));
      say('no id', await append('', { id: null }));
      say('bad id', await append('', { id: 'zzz' }));
      const conflict = (label: string, expectation: Expectation, to = stream) =>
        rawAppend(to, expectation, [event(label)]);
      say('wrong revision', await conflict('ra6', expectedAt(77)));
      say('no stream expected', await conflict('ra7', expected.noStream));
      say('wrong on new', await conflict('ra8', expectedAt(3), 'raw-append-new'));
      say('exists on new', await conflict('ra9', expected.exists, 'raw-append-new'));
      say('empty stream name', await append('ra10', {}, ''));
      say('to $all', Object.keys(await append('ra11', {}, '$all')));
      say('to a system stream', await append('ra12', {}, '$mine'));
      say('no events', await rawAppend(stream, expected.any, []));
      say('too big', await append('ra13', { data: `"${'x'.repeat(1_100_000)}"` }));
      say('read', await rawRead(all(onStream(stream, 'start'), counted(20))));
    },

    'append: invalid requests': async (say) => {
      const stream = 'append-invalid';
      const options = appendOptions(stream, expected.any);
      const good = appendProposed(event('ai1'));
      const nothing = () => new streams.AppendReq();
      say('no messages', await rawAppendMessages([]));
      say('an empty message', await rawAppendMessages([nothing()]));
      say('event first', await rawAppendMessages([good]));
      say('options twice', await rawAppendMessages([options, options, good]));
      say('empty message after the options', await rawAppendMessages([options, nothing()]));
      const append = (label: string, expectation: Expectation, to: string | undefined = stream) =>
        rawAppend(to, expectation, [event(label)]);
      say('no stream identifier', await rawAppend(undefined, expected.any, [event('ai2')]));
      say('no expected revision', await append('ai3', expected.unset));
      say('revision 2^64-1', await append('ai4', expectedAt(MAX_ULONG)));
      say('revision 2^64-2', await append('ai5', expectedAt('18446744073709551614')));
      say('revision 2^63', await append('ai6', expectedAt(BEYOND_LONG)));
      say('revision 2^63-1', await append('ai7', expectedAt(MAX_LONG)));
      const bad = event('ai9', { meta: {} });
      say('good then bad event', await rawAppend(stream, expected.any, [event('ai8'), bad]));
      say(
        'read',
        (await readFrom(stream, 'start', 50)).map((message) => brief(message)),
      );
    },

    'append: all fields of a conflict': async (say) => {
      const stream = 'append-conflict';
      await rawAppend(stream, expected.any, [event('aa0'), event('aa1')]);
      const fields = (to: string, expectation: Expectation) =>
        appendMessages(
          target,
          server.streams,
          [appendOptions(to, expectation), appendProposed(event('aa2'))],
          {},
          conflictFields,
        );
      say('at 7', await fields(stream, expectedAt(7)));
      say('no_stream', await fields(stream, expected.noStream));
      say('at 7, never written', await fields('append-conflict-none', expectedAt(7)));
      say('stream_exists, never written', await fields('append-conflict-none', expected.exists));
      const halfKnown = [event('aa0'), event('aa3')];
      say('any, half known', await rawAppend(stream, expected.any, halfKnown));
    },

    'append: cancelled': async (say) => {
      // Whether a real server writes what it received before the cancellation varies: not shown.
      const outcome = await new Promise((resolve) => {
        const call = server.streams.append(target.headers(undefined), (error) =>
          resolve(error?.code ?? codes.OK),
        );
        call.on('error', () => {});
        call.write(appendOptions('append-cancelled', expected.any));
        call.write(appendProposed(event('ac1')));
        setTimeout(() => call.cancel(), 500);
      });
      say('status of the caller', outcome);
      const another = await rawAppend('append-cancelled-2', expected.any, [event('ac2')]);
      say('another call', briefAppend(another));
    },

    'append: created': async (say) => {
      const stream = 'append-created';
      await rawAppend(stream, expected.any, [event('acr1'), event('acr2')]);
      const read = server.openRead(all(onStream(stream, 'start'), counted(5)));
      await read.until(() => read.ended);
      const created = read.rawMessages.map((reply) =>
        present(reply.getEvent()?.getEvent()?.getMetadataMap().get('created'), 'created'),
      );
      const isRecent = (ticks: string) => Math.abs(Number(ticks) / 10_000 - Date.now()) < 60_000;
      say(
        'decimal digits',
        created.map((ticks) => /^[0-9]{17,18}$/.test(ticks)),
      );
      say('ticks of 100 ns since 1970, within a minute of now', created.map(isRecent));
      const [first = '', second = ''] = created;
      say('not decreasing', BigInt(first) <= BigInt(second));
    },
  };
};
