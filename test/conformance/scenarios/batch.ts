// BatchAppend: chunks, correlation ids, expected revisions.
import { event, expected, type BatchReply } from '../wire/append.js';
import {
  expectedInBatch,
  expectedInBatchAt,
  type Batch,
  type Chunk,
} from '../wire/batch-append.js';
import { BEYOND_LONG, MAX_LONG, MAX_ULONG } from '../wire/numbers.js';
import { type Ending } from '../wire/open-call.js';
import { brief } from '../wire/read-reply.js';
import { all, counted, onStream } from '../wire/read-request.js';
import { type Server } from '../wire/server.js';
import { type Subject } from '../scenario.js';

/** Sends chunks and waits for so many replies; those that came since the last time. */
export type Talk = (
  chunks: Chunk[],
  replies?: number,
  ms?: number,
) => Promise<(BatchReply | Ending)[]>;

export function talkTo(batch: Batch): Talk {
  let seen = 0;
  return async (chunks, replies = 1, ms) => {
    chunks.forEach((chunk) => batch.send(chunk));
    await batch.count(seen + replies, ms);
    const news = batch.messages.slice(seen);
    seen = batch.messages.length;
    return news;
  };
}

/** Revisions and ids of a stream, by name. */
export const revisionsAndIds =
  ({ rawRead }: Server) =>
  async (stream: string): Promise<unknown[]> => {
    const messages = await rawRead(all(onStream(stream, 'start'), counted(100)), { ms: 20_000 });
    return messages.map((message) => brief(message, (e) => `${e.rev} ${e.id}`));
  };

/** An append in one chunk. */
export const whole = (
  cid: string,
  stream: string,
  expect: NonNullable<Chunk['expect']>,
  ...labels: string[]
): Chunk => ({ cid, stream, expect, events: labels.map((label) => event(label)), final: true });

const { any, noStream, exists } = expectedInBatch;

export const batch: Subject = (server) => {
  const { openBatch, rawAppend, client } = server;
  const revisions = revisionsAndIds(server);

  return {
    'batch: one chunk': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      const stream = 'ba-one';
      say('no_stream', await send([whole('ba1', stream, noStream, 'ba1a', 'ba1b')]));
      say('any', await send([whole('ba2', stream, any, 'ba2a')]));
      say('stream_exists', await send([whole('ba3', stream, exists, 'ba3a')]));
      say('revision', await send([whole('ba4', stream, expectedInBatchAt(3), 'ba4a')]));
      const structured = { ...whole('ba5', stream, any, 'ba5a'), structured: true };
      say('structured correlation id', await send([structured]));
      say('no events', await send([whole('ba6', stream, any)]));
      say('no events, new stream', await send([whole('ba7', `${stream}-none`, any)]));
      say('again, whole', await send([whole('ba8', stream, noStream, 'ba1a', 'ba1b')]));
      say('same correlation id later', await send([whole('ba1', stream, any, 'ba9a')]));
      say('read', await revisions(stream));
      batch.cancel();
    },

    'batch: wrong expected version': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      const at = expectedInBatchAt;
      await rawAppend('bw', expected.any, [event('bw0'), event('bw1'), event('bw2')]);
      const conflict = async (name: string, expectation: NonNullable<Chunk['expect']>) => {
        const reply = await send([whole(`bw-${name}`, 'bw', expectation, `bwe-${name}`)]);
        say(`three events, ${name}`, reply);
      };
      await conflict('1', at(1));
      await conflict('9', at(9));
      await conflict('no_stream', noStream);
      await conflict('2^63-1', at(MAX_LONG));
      const halfKnown = ['bw0', 'bwn'];
      say('three events, any, half known', await send([whole('bw-any', 'bw', any, ...halfKnown)]));
      const expectingOne = whole('bw-ex', 'bw', exists, ...halfKnown);
      say('three events, exists, half known', await send([expectingOne]));
      say('new stream, exists', await send([whole('bw-ne', 'bw-new', exists, 'bwf')]));
      say('new stream, 0', await send([whole('bw-n0', 'bw-new', at(0), 'bwg')]));
      say('new stream, 2^64-1', await send([whole('bw-nm', 'bw-new', at(MAX_ULONG), 'bwh')]));
      say('new stream, 2^63', await send([whole('bw-nx', 'bw-new', at(BEYOND_LONG), 'bwi')]));
      batch.cancel();
    },

    'batch: several chunks': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      say(
        'three chunks',
        await send([
          { cid: 'bc1', stream: 'bc-1', expect: noStream, events: [event('bc1a')] },
          { cid: 'bc1', options: false, events: [event('bc1b'), event('bc1c')] },
          { cid: 'bc1', options: false, events: [event('bc1d')], final: true },
        ]),
      );
      say('three chunks, read', await revisions('bc-1'));
      say(
        'final chunk without events',
        await send([
          { cid: 'bc2', stream: 'bc-2', events: [event('bc2a')] },
          { cid: 'bc2', options: false, final: true },
        ]),
      );
      say(
        'options in every chunk: the first count',
        await send([
          { cid: 'bc3', stream: 'bc-3', expect: noStream, events: [event('bc3a')] },
          whole('bc3', 'bc-3-other', expectedInBatchAt(5), 'bc3b'),
        ]),
      );
      const interleaved = await send(
        [
          { cid: 'bc4', stream: 'bc-4', events: [event('bc4a')] },
          { cid: 'bc5', stream: 'bc-5', events: [event('bc5a')] },
          { cid: 'bc4', options: false, events: [event('bc4b')] },
          { cid: 'bc5', options: false, events: [event('bc5b')], final: true },
          { cid: 'bc4', options: false, events: [event('bc4c')], final: true },
        ],
        2,
      );
      say(
        'interleaved',
        interleaved.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
      );
      say('interleaved, read', [await revisions('bc-4'), await revisions('bc-5')]);
      say(
        'unknown correlation id without options, then a whole append',
        await send([
          { cid: 'bc6', options: false, events: [event('bc6a')], final: true },
          whole('bc7', 'bc-7', any, 'bc7a'),
        ]),
      );
      const many = Array.from({ length: 40 }, (_, n) =>
        whole(`bc8-${n}`, `bc-8-${n % 4}`, any, `bc8-${n}`),
      );
      const replies = await send(many, 40);
      say('40 appends to 4 streams, replies', replies.length);
      say('40 appends to 4 streams, revisions', replies.map(placeAndName).sort());
      batch.cancel();
    },

    'batch: stream states': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      await rawAppend('bs-soft', expected.any, [event('bs0'), event('bs1')]);
      await client.deleteStream('bs-soft');
      await client.tombstoneStream('bs-tomb');
      const deleted = whole('bs1', 'bs-soft', exists, 'bs2');
      say('soft-deleted, stream_exists', await send([deleted]));
      const old = whole('bs2', 'bs-soft', any, 'bs0', 'bs1');
      say('soft-deleted, old events', await send([old]));
      say('tombstoned', await send([whole('bs3', 'bs-tomb', any, 'bs3')]));
      say('tombstoned, its metadata', await send([whole('bs4', '$$bs-tomb', any, 'bs4')]));
      batch.cancel();
    },

    'batch: duplicate correlation id': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      say(
        'two open appends of one id are one',
        await send([
          { cid: 'bu1', stream: 'bu-1', events: [event('bu1a')] },
          whole('bu1', 'bu-1', any, 'bu1b'),
        ]),
      );
      say('read', await revisions('bu-1'));
      const twice = ['bu2a', 'bu2b'].map((label) => whole('bu2', 'bu-2', any, label));
      say('two whole appends of one id', await send(twice, 2));
      batch.cancel();
    },
  };
};

const nameOf = (reply: BatchReply | Ending): string =>
  typeof reply === 'object' && 'id' in reply ? String(reply.id) : '';

const placeAndName = (reply: BatchReply | Ending): string =>
  typeof reply === 'object' && 'id' in reply
    ? `${reply.stream}/${reply.success?.rev} ${reply.id}`
    : JSON.stringify(reply);
