// Catch-up subscriptions to streams: where they begin, and the states a stream can be in.
import { event, expected, JSON_METADATA, STREAM_METADATA } from '../wire/append.js';
import { jsonEventOf, jsonEventsOf, labelsOf } from '../wire/ids.js';
import { MAX_LONG, MAX_ULONG } from '../wire/numbers.js';
import { brief, eventOf, eventsIn, type ReadMessage } from '../wire/read-reply.js';
import { type FromRevision } from '../wire/read-request.js';
import { type Server } from '../wire/server.js';
import { type Say, type Subject } from '../scenario.js';
import { UNARY } from './streams.js';
import {
  briefly,
  close,
  sawEvent,
  seen,
  SILENCE_MS,
  subscriptionsTo,
  toStream,
} from './subscriptions.js';

const revisionsIn = (messages: ReadMessage[]) =>
  messages.map((message) => eventOf(message)?.rev ?? message);

/** Far more than all buffers on the way to a client. */
const MANY = 2000;

export const subscribeToStreams: Subject = (server) => {
  const { client, rawAppend } = server;
  const { live, append } = subscriptionsTo(server);

  return {
    'subscribe: a stream': async (say) => {
      const write = (stream: string, label: string) =>
        client.appendToStream(stream, jsonEventOf(label), UNARY);
      await client.appendToStream('ss', jsonEventsOf('ss', 3), UNARY);
      say('from start', revisionsIn(close(await live(toStream('ss', 'start')))));
      say('from 0 is exclusive', revisionsIn(close(await live(toStream('ss', 0)))));
      const fromEnd = await live(toStream('ss', 'end'));
      await write('ss', 'ss3');
      await seen(fromEnd, 'ss3');
      say('from end', revisionsIn(close(fromEnd)));
      const later = await live(toStream('ss-later', 'start'));
      await write('ss-later', 'ssl0');
      await seen(later, 'ssl0');
      say('not yet there', revisionsIn(close(later)));
      const tombstoned = await live(toStream('ss', 'start'));
      await client.tombstoneStream('ss');
      await tombstoned.until(() => tombstoned.ended);
      const revisionAndType = (message: ReadMessage) => {
        const found = eventOf(message);
        return found ? [found.rev, found.type] : message;
      };
      say('tombstoned while live', tombstoned.messages.map(revisionAndType));
      const already = server.openRead(toStream('ss', 'start'));
      await already.until(() => already.ended);
      say('already tombstoned', already.messages);
      await write('ss-soft', 'sf0');
      const soft = await live(toStream('ss-soft', 'start'));
      await client.deleteStream('ss-soft');
      await write('ss-soft', 'sf1');
      await seen(soft, 'sf1');
      say('soft deleted while live', revisionsIn(close(soft)));
    },

    'subscribe: stream positions': async (say) => {
      for (const from of ['start', 0, 2, 3, 4, 5, 6, 99, 'end', MAX_LONG, MAX_ULONG]) {
        const stream = `sp-${from}`;
        const label = (n: number) => `${stream}/${n}`;
        await append(stream, ...labelsOf(`${stream}/`, 5));
        const subscribed = await live(toStream(stream, from));
        const before = subscribed.messages.length;
        await append(stream, label(5), label(6));
        await append(stream, label(7));
        const reference = await live(toStream(stream, 6));
        await seen(reference, label(7));
        reference.cancel();
        await subscribed.settle(SILENCE_MS);
        const all = briefly(close(subscribed));
        const history = all.slice(0, before).join(' ');
        say(`from ${from}`, { history, 'three more': all.slice(before).join(' ') });
      }
    },

    'subscribe: states of the stream': (say) => statesOfTheStream(server, say),

    'subscribe: longer history': async (say) => {
      await append('sl', ...labelsOf('sl/', 100));
      const subscribed = await live(toStream('sl', 'start'));
      const [first, ...others] = subscribed.messages;
      const inOrder = others.slice(0, 100).every((message, n) => eventOf(message)?.rev === `${n}`);
      const shape = [first, inOrder, ...others.slice(100).map((message) => brief(message))];
      say('100 events: all in order, then caught_up once', shape);
      for (let n = 100; n < 110; n++) await append('sl', `sl/${n}`);
      await seen(subscribed, 'sl/109');
      say('ten more live', briefly(close(subscribed).slice(102)));
    },

    'subscribe: slow consumer': async (say) => {
      // The server drops live events, reads them again, and says caught_up once more.
      const subscribed = await live(toStream('sw', 'start'));
      subscribed.pause();
      const data = JSON.stringify({ x: 'y'.repeat(2000) });
      for (let n = 0; n < MANY; n += 100) {
        const events = labelsOf('sw/', 100, n).map((label) => event(label, { data }));
        await rawAppend('sw', expected.any, events);
      }
      subscribed.resume();
      const caughtUps = () =>
        subscribed.messages.filter((message) => message === 'caught_up').length;
      await subscribed.until(sawEvent(`sw/${MANY - 1}`), 60_000);
      await subscribed.until(() => caughtUps() > 1);
      const count = caughtUps();
      const messages = close(subscribed);
      const revisions = eventsIn(messages).map(({ rev }) => rev);
      const inOrder = revisions.every((revision, n) => revision === String(n));
      const isEach = revisions.length === MANY && inOrder;
      say('2,000 events, every one once and in order', isEach);
      say('caught_up more than once', count > 1);
      say('fell_behind', messages.filter((message) => message === 'fell_behind').length);
    },

    'subscribe: cancelled': async (say) => {
      await append('sc', ...labelsOf('sc/', 3));
      const subscribed = await live(toStream('sc', 'start'));
      const outcome = new Promise((resolve) => {
        subscribed.onError(({ code, details }) => resolve({ code, details }));
      });
      subscribed.cancel();
      say('status of the caller', await outcome);
      const next = await live(toStream('sc', 0));
      say('the next call is not affected', briefly(close(next)));
    },
  };
};

type Action = [act: () => Promise<unknown>, label?: string | undefined];

async function statesOfTheStream(server: Server, say: Say): Promise<void> {
  const { rawAppend, rawDelete, rawTombstone } = server;
  const { live, append } = subscriptionsTo(server);
  const setMetadata = (stream: string, label: string, data: string) =>
    rawAppend(`$$${stream}`, expected.any, [event(label, { meta: STREAM_METADATA, data })]);
  const play = async (step: string, stream: string, from: FromRevision, ...actions: Action[]) => {
    const subscribed = await live(toStream(stream, from));
    const parts = [briefly(subscribed.messages).join(' ')];
    for (const [act, label] of actions) {
      const before = subscribed.messages.length;
      await act();
      if (label !== undefined) await seen(subscribed, label);
      else await subscribed.settle(SILENCE_MS);
      if (step.includes('tombstone')) await subscribed.until(() => subscribed.ended, 3000);
      const news = subscribed.messages.slice(before);
      parts.push(briefly(news, ({ rev, type }) => `${rev} ${type}`).join(' '));
    }
    close(subscribed);
    say(step, parts);
  };
  /** An append, and the wait for its last event. */
  const writing = (stream: string, ...labels: (string | number)[]): Action => {
    const own = labels.map((label) => `${stream}/${label}`);
    return [() => append(stream, ...own), own.at(-1)];
  };
  const write = (stream: string, count: number) => append(stream, ...labelsOf(`${stream}/`, count));
  const tombstoning = (stream: string): Action => [() => rawTombstone(stream, expected.any)];
  await play(
    'never written, from start, then two appends',
    'sx-1',
    'start',
    writing('sx-1', 0),
    writing('sx-1', 1),
  );
  const three = 'never written, from revision 1, then three events';
  await play(three, 'sx-2', 1, writing('sx-2', 0, 1, 2));
  await play('never written, from end', 'sx-3', 'end', writing('sx-3', 0));
  await write('sx-4', 5);
  await setMetadata('sx-4', 'sx-4/m', '{"$tb":3}');
  await play('$tb 3, from start', 'sx-4', 'start', writing('sx-4', 5));
  await play('$tb 3, from 0', 'sx-4', 0);
  await play('$tb 3, from 3', 'sx-4', 3);
  const truncating: Action = [() => setMetadata('sx-4', 'sx-4/n', '{"$tb":50}')];
  await play('live, then $tb 50', 'sx-4', 'end', truncating, writing('sx-4', 6));
  await play('$tb 50, from start', 'sx-4', 'start', writing('sx-4', 7));
  await write('sx-5', 5);
  await setMetadata('sx-5', 'sx-5/m', '{"$maxCount":2}');
  await play('$maxCount 2, from start', 'sx-5', 'start', writing('sx-5', 5, 6, 7));
  await write('sx-6', 3);
  await rawDelete('sx-6', expected.any);
  const recreated = 'soft-deleted, from start, then recreated';
  await play(recreated, 'sx-6', 'start', writing('sx-6', 3));
  await play('recreated, from start', 'sx-6', 'start');
  await play('recreated, from 0', 'sx-6', 0);
  await write('sx-7', 3);
  await rawDelete('sx-7', expected.any);
  const fromEnd = 'soft-deleted, from end, then recreated';
  await play(fromEnd, 'sx-7', 'end', writing('sx-7', 3));
  await write('sx-8', 2);
  const deleting: Action = [() => rawDelete('sx-8', expected.any)];
  await play(
    'live, deleted, recreated, deleted, recreated',
    'sx-8',
    'start',
    deleting,
    writing('sx-8', 2),
    deleting,
    writing('sx-8', 3),
  );
  await write('sx-9', 2);
  await play('from end, tombstone', 'sx-9', 'end', tombstoning('sx-9'));
  await play('from 99, tombstone', 'sx-10', 99, tombstoning('sx-10'));
  await play('never written, tombstone', 'sx-11', 'start', tombstoning('sx-11'));
  await play('tombstoned, from end (tombstone)', 'sx-11', 'end');
  await setMetadata('sx-12', 'sx-12/m0', '{"$maxCount":1}');
  await setMetadata('sx-12', 'sx-12/m1', '{"$maxCount":2}');
  const changing = (label: string): Action => [() => setMetadata('sx-12', label, '{}'), label];
  await play(
    'a metastream, then two changes',
    '$$sx-12',
    'start',
    changing('sx-12/m2'),
    changing('sx-12/m3'),
  );
  const ofItsStream = 'a metastream, tombstone of its stream';
  await play(ofItsStream, '$$sx-12', 'end', tombstoning('sx-12'));
  await play('a metastream of a tombstoned stream (tombstone)', '$$sx-12', 'start');
  await play('$all as a stream', '$all', 'end');
  // An ordinary event of that type is taken for the end of the stream.
  const meta = { ...JSON_METADATA, type: '$streamDeleted' };
  const faking = () => rawAppend('sx-13', expected.any, [event('sx-13/fake', { meta })]);
  const ofThatType = 'never written, an event of type $streamDeleted';
  await play(ofThatType, 'sx-13', 'start', [faking, 'sx-13/fake']);
  await append('sx-13', 'sx-13/1');
  await play('the same with history', 'sx-13', 'start');
}
