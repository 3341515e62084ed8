// BatchAppend: bad requests and what follows them, deadlines, sizes, the end of the call.
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { event } from '../wire/append.js';
import { expectedInBatch, type Chunk } from '../wire/batch-append.js';
import { id } from '../wire/ids.js';
import { fill, uuid } from '../wire/protobuf.js';
import { sleep } from '../wire/waiting.js';
import { type Subject } from '../scenario.js';
import { revisionsAndIds, talkTo, whole } from './batch.js';

/** How long a reply is waited for that should not come. */
const SECOND_REPLY_MS = 3000;
const NIL = '00000000-0000-0000-0000-000000000000';
const { any } = expectedInBatch;

export const batchFaults: Subject = (server) => {
  const { openBatch } = server;
  const revisions = revisionsAndIds(server);

  return {
    'batch: bad requests': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      const refused = async (step: string, fault: Partial<Chunk>) =>
        say(step, await send([{ ...whole(`bb ${step}`, 'bb', any, `bb ${step}`), ...fault }]));
      await refused('no stream identifier', { stream: undefined });
      await refused('empty stream name', { stream: '' });
      await refused('no expected revision', { expect: expectedInBatch.unset });
      const toAll = await send([whole('bb to $all', '$all', any, 'bb to $all')]);
      say(
        'to $all',
        toAll.map((reply) => Object.keys(reply)),
      );
      await refused('no correlation id', { cid: null });
      // An exception while the events are read leaves the correlation id pending on a real server: a
      // second reply, Timeout, follows when the append should have been complete.
      const pending = async (step: string, fault: Parameters<typeof event>[1], label: string) => {
        const chunk = whole(`bb ${step}`, 'bb-p', any);
        const events = [event(label, fault)];
        say(step, await send([{ ...chunk, events, within: 500 }], 2, SECOND_REPLY_MS));
      };
      await pending('no type', { meta: { 'content-type': 'application/json' } }, 'bbt1');
      await pending('no content type', { meta: { type: 'T' } }, 'bbt2');
      await pending('no metadata', { meta: {} }, 'bbt3');
      const emptyType = { type: '', 'content-type': 'application/json' };
      await pending('empty type', { meta: emptyType }, 'bbt4');
      await pending('no event id', { id: null }, 'bbt5');
      await pending('bad event id', { id: 'zzz' }, 'bbt6');
      await pending('nil event id', { id: NIL }, 'bbt7');
      say('nothing written', await revisions('bb-p'));
      batch.cancel();
    },

    'batch: after a bad event': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      const bad = event('bx-bad', { meta: {} });
      const events = [event('bx1a'), bad, event('bx1b')];
      const mixed: Chunk = { cid: 'bx1', stream: 'bx-1', events, final: true };
      say('good, bad, good in one chunk', await send([mixed]));
      const last: Chunk = { cid: 'bx1', options: false, events: [event('bx1c')], final: true };
      say('final chunk of the same id', await send([last], 1, SECOND_REPLY_MS));
      say('read', await revisions('bx-1'));
      say('another append', await send([whole('bx2', 'bx-2', any, 'bx2a')]));
      // A bad event in a chunk without options ends the call.
      batch.send({ cid: 'bx3', stream: 'bx-3', events: [event('bx3a')] });
      const later: Chunk = { cid: 'bx3', options: false, events: [bad], final: true };
      say('bad event in a later chunk', await send([later]));
      await batch.until(() => batch.ended);
      say('ended', batch.ended);
      say('read 3', await revisions('bx-3'));
    },

    'batch: deadlines': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      const append = (name: string, deadline: Partial<Chunk>) =>
        send([{ ...whole(`bd ${name}`, `bd-${name}`, any, `bd ${name}`), ...deadline }]);
      say('duration 0', await append('0', { within: 0 }));
      say('duration -1 s', await append('-1', { within: -1000 }));
      say('duration 30 s', await append('30', { within: 30_000 }));
      say('timestamp in the past', await append('past', { at: Date.now() - 5000 }));
      say('timestamp in 30 s', await append('future', { at: Date.now() + 30_000 }));
      say('neither', await append('none', {}));
      const open = (name: string, within: number): Chunk => ({
        cid: `bd${name}`,
        stream: `bd-${name}`,
        events: [event(`bd${name}a`)],
        within,
      });
      say('not final, duration 300 ms', await send([open('1', 300)]));
      const structured = { ...open('2', 300), structured: true };
      say('not final, structured correlation id', await send([structured]));
      say(
        'final after the timeout is ignored, then a whole append',
        await send([
          { cid: 'bd1', options: false, events: [event('bd1b')], final: true },
          whole('bd3', 'bd-3', any, 'bd3a'),
        ]),
      );
      const from = Date.now();
      const replies = await send([open('4', 60_000)]);
      const took = Date.now() - from;
      const step = 'not final, duration 60 s: cut to the write timeout of 2 s';
      say(step, { replies, about2s: took > 1500 && took < 15_000 });
      say('read', [await revisions('bd-1'), await revisions('bd-4')]);
      batch.cancel();
    },

    'batch: too large': async (say) => {
      const batch = openBatch();
      const send = talkTo(batch);
      const big = (label: string, size: number) => event(label, { data: Buffer.alloc(size, 120) });
      const append = (cid: string, ...sizes: number[]): Chunk => ({
        ...whole(cid, 'bl', any),
        events: sizes.map((size, place) => big(`${cid}${'ab'[place]}`, size)),
      });
      say('one event over', await send([append('bl1', 1_048_577)]));
      say(
        'over in the second chunk',
        await send([
          { cid: 'bl2', stream: 'bl', events: [big('bl2a', 600_000)] },
          { cid: 'bl2', options: false, events: [big('bl2b', 600_000)] },
        ]),
      );
      say(
        'rest of it is ignored, then a whole append',
        await send([
          { cid: 'bl2', options: false, events: [event('bl2c')], final: true },
          whole('bl3', 'bl', any, 'bl3a'),
        ]),
      );
      say('exactly at the limit', await send([append('bl4', 1_048_576)]));
      say('two events at the limit together', await send([append('bl5', 524_288, 524_288)]));
      say('two events over together', await send([append('bl6', 524_288, 524_289)]));
      batch.cancel();
    },

    'batch: end of the call': async (say) => {
      const idle = openBatch();
      idle.end();
      await idle.until(() => idle.ended, 3000);
      say('half-close without any append: ended by the server within 3 s', idle.ended);
      idle.cancel();
      const answered = openBatch();
      answered.send(whole('be1', 'be-1', any, 'be1a'));
      await answered.count(1);
      answered.end();
      await answered.until(() => answered.ended, 3000);
      say('half-close after the reply: ended by the server within 3 s', answered.ended);
      answered.cancel();
      const open = openBatch();
      open.send({ cid: 'be2', stream: 'be-2', events: [event('be2a')] });
      await sleep(300);
      open.cancel();
      await sleep(300);
      say('cancelled before the final chunk', await revisions('be-2'));
      const empty = openBatch();
      const correlationId = uuid(id('be3'));
      empty.write(fill(new streams.BatchAppendReq(), { correlationId, isFinal: true }));
      empty.send(whole('be4', 'be-4', any, 'be4a'));
      await empty.count(1);
      say('an empty final message, then a whole append', empty.messages.slice());
      empty.cancel();
    },
  };
};
