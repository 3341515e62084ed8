// Checkpoints of filtered subscriptions to $all: in the history, live, and what counts for them.
import { event, expected, expectedAt, JSON_METADATA, STREAM_METADATA } from '../wire/append.js';
import { jsonEventsOf } from '../wire/ids.js';
import { MAX_ULONG } from '../wire/numbers.js';
import { eventOf, type ReadMessage } from '../wire/read-reply.js';
import {
  all,
  byEventType,
  byStreamName,
  counted,
  onAll,
  prefixes,
  type FilterPart,
  type FromPosition,
} from '../wire/read-request.js';
import { type Server } from '../wire/server.js';
import { type Say, type Subject } from '../scenario.js';
import { namePositions } from './named-positions.js';
import { UNARY } from './streams.js';
import {
  briefly,
  close,
  isCheckpoint,
  positionOf,
  sawEvent,
  SILENCE_MS,
  subscriptionsTo,
  toAll,
  toFiltered,
  type Checkpoints,
} from './subscriptions.js';

const nothing = byStreamName(prefixes('no-such-'));
const matching = byEventType(prefixes('Match'));

const typed = (label: string, type: string) => event(label, { meta: { ...JSON_METADATA, type } });

export const checkpoints: Subject = (server) => {
  const { client, rawAppend, rawTombstone } = server;
  const { live, append } = subscriptionsTo(server);

  return {
    checkpoints: async (say) => {
      for (let n = 0; n < 4; n++) {
        await client.appendToStream(`ck-${n % 2}`, jsonEventsOf(`ck${n}-`, 25), UNARY);
      }
      const nothingLikeThis = byStreamName(prefixes('nothing-like-this-'));
      const subscribed = await live(toFiltered('end', nothingLikeThis, { window: 10 }));
      await client.appendToStream('ck-live', jsonEventsOf('ckl', 35), UNARY);
      await subscribed.until((messages) => messages.filter(isCheckpoint).length === 3);
      await subscribed.settle(SILENCE_MS);
      say('live, window 10, 35 events', briefly(close(subscribed)));
    },

    'checkpoints: history': (say) => inHistory(server, say),

    'checkpoints: live': (say) => whileLive(server, say),

    'checkpoints: what counts': async (say) => {
      const names = namePositions();
      const watch = await live(toAll('end'));
      const subscribed = await live(toFiltered('end', nothing, { window: 1 }));
      await append('kw', 'kw/a');
      const metadata = event('kw/m', { meta: STREAM_METADATA, data: '{"$maxCount":5}' });
      await rawAppend('$$kw', expected.any, [metadata]);
      await append('kw');
      await append('$kw-system', 'kw/s');
      await rawAppend('kw', expectedAt(77), [event('kw/refused')]);
      await append('kw', 'kw/a');
      await rawTombstone('kw', expected.any);
      await append('kw-2', 'kw/b');
      await watch.until(sawEvent('kw/b'));
      await subscribed.settle(SILENCE_MS);
      names.note(watch.messages);
      const place = (message: ReadMessage) => {
        const found = eventOf(message);
        return `${found?.stream}/${found?.rev}`;
      };
      say('$all', close(watch).slice(2).map(place));
      const shown = close(subscribed).slice(2).map(names.show);
      say(
        'checkpoints',
        shown.map((text) => text.replace(/other/, 'tombstone')),
      );
    },
  };
};

/** Events kh0 ... kh99, of which every 20th is of type Match. */
async function inHistory(server: Server, say: Say): Promise<void> {
  const { live, append } = subscriptionsTo(server);
  const first = positionOf(await append('kh-first', 'start'));
  const typeOf = (n: number) => (n % 20 === 10 ? 'Match' : 'T');
  for (let from = 0; from < 100; from += 10) {
    const numbers = Array.from({ length: 10 }, (_, n) => from + n);
    const events = numbers.map((n) => typed(`kh${n}`, typeOf(n)));
    await server.rawAppend('kh', expected.any, events);
  }
  const names = namePositions();
  const limits = { ms: 30_000, until: 10_000 };
  names.note(await server.rawRead(all(onAll(first), counted(10_000)), limits));
  const { at } = names;
  const run = async (step: string, from: FromPosition, by: FilterPart, more: Checkpoints) => {
    const subscribed = await live(toFiltered(from, by, more));
    await subscribed.settle(SILENCE_MS);
    say(step, close(subscribed).map(names.show));
  };
  const none = (step: string, more: Checkpoints) =>
    run(`nothing matches, ${step}`, first, nothing, more);
  await none('window 10', { window: 10 });
  await none('window 10, multiplier 3', { window: 10, multiplier: 3 });
  const oneFrom90 = 'nothing matches, window 1, from kh90';
  await run(oneFrom90, at('kh90'), nothing, { window: 1 });
  const fourFrom90 = 'nothing matches, window 1, multiplier 4, from kh90';
  await run(fourFrom90, at('kh90'), nothing, { window: 1, multiplier: 4 });
  await none('window 7', { window: 7 });
  await none('window count (32)', { window: 'count' });
  await none('window count, multiplier 2', { window: 'count', multiplier: 2 });
  for (const window of [50, 99, 100, 101, 102]) await none(`window ${window}`, { window });
  await none('window 1,000', { window: 1000 });
  const some = (step: string, more: Checkpoints) =>
    run(`some match, ${step}`, first, matching, more);
  await some('window 10', { window: 10 });
  await some('window 25', { window: 25 });
  await some('window count', { window: 'count' });
  await some('window 10, multiplier 2', { window: 10, multiplier: 2 });
  await some('window 1,000', { window: 1000 });
  const every = (step: string, from: string, more: Checkpoints) =>
    run(`all match, ${step}, from ${from}`, at(from), byStreamName(prefixes('kh')), more);
  await every('window 10', 'kh60', { window: 10 });
  await every('window count', 'kh20', { window: 'count' });
  await every('window 1,000', 'kh20', { window: 1000 });
  await every('window 5, multiplier 2', 'kh85', { window: 5, multiplier: 2 });
  const ten = { window: 10 };
  await run('from the last event', at('kh99'), nothing, ten);
  await run('from the last event but one', at('kh98'), nothing, ten);
  await run('from the last event but one, window 1', at('kh98'), nothing, { window: 1 });
  await run('from end', 'end', nothing, ten);
  await run('from 2^64-1', [MAX_ULONG, MAX_ULONG], nothing, ten);
  const fromStart = 'from start, nothing matches, window 1,000,000';
  await run(fromStart, 'start', nothing, { window: 1_000_000 });
  await run('from beyond the end', at('kh99') + 1_000_000_000n, nothing, ten);
}

/** What comes for groups of events of these types, each appended at once. */
async function whileLive(server: Server, say: Say): Promise<void> {
  const { live, append } = subscriptionsTo(server);
  let count = 0;
  const play = async (
    step: string,
    from: 'start' | 'end' | ((stream: string) => Promise<bigint>),
    by: FilterPart | ((stream: string) => FilterPart),
    more: Checkpoints,
    ...groups: string[][]
  ) => {
    const names = namePositions();
    const stream = `kl-${count++}`;
    const watch = await live(toAll('end'));
    const start = typeof from === 'string' ? from : await from(stream);
    const filter = by === own ? own(stream) : (by as FilterPart);
    const subscribed = await live(toFiltered(start, filter, more));
    const parts = [subscribed.messages.slice()];
    let written = 0;
    for (const types of groups) {
      const before = subscribed.messages.length;
      const events = types.map((type, n) => typed(`${stream}/${written + n}`, type));
      await server.rawAppend(stream, expected.any, events);
      written += types.length;
      await watch.until(sawEvent(`${stream}/${written - 1}`));
      await subscribed.settle(SILENCE_MS);
      parts.push(subscribed.messages.slice(before));
    }
    names.note(close(watch));
    close(subscribed);
    const show = (message: ReadMessage) => names.show(message).split(`${stream}/`).join('');
    say(
      step,
      parts.map((part) => part.map(show)),
    );
  };
  const own = (stream: string) => byStreamName(prefixes(stream));
  const plain = (...counts: number[]) => counts.map((length) => Array.from({ length }, () => 'T'));
  const five = { window: 5 };
  await play('window 5, nothing matches, 3 3 3 3', 'end', nothing, five, ...plain(3, 3, 3, 3));
  await play('window 5, nothing matches, 12 at once', 'end', nothing, five, ...plain(12));
  const three = { window: 2, multiplier: 3 };
  await play('window 2, multiplier 3, 4 4 4', 'end', nothing, three, ...plain(4, 4, 4));
  await play('window 1', 'end', nothing, { window: 1 }, ...plain(1, 3));
  await play('window count (32), 31 1 1', 'end', nothing, {}, ...plain(31, 1, 1));
  const someMatch = [['T', 'Match'], ['Match', 'T', 'T', 'Match'], ['T']];
  await play('window 3, some match', 'end', matching, { window: 3 }, ...someMatch);
  await play('window 3, all match', 'end', own, { window: 3 }, ...plain(2, 2, 3));
  const afterThree = async (stream: string) => {
    const first = await append(stream, `${stream}/h0`);
    await append(stream, `${stream}/h1`, `${stream}/h2`);
    return positionOf(first);
  };
  const history = 'after a history of 3, window';
  await play(`${history} 5, nothing matches`, afterThree, nothing, five, ...plain(2, 2, 2));
  await play(`${history} 5, all match`, afterThree, own, five, ...plain(2, 2, 2));
  await play(`${history} 2, nothing matches`, afterThree, nothing, { window: 2 }, ...plain(1, 1));
  const fromStart = 'from start, window 1,000,000, nothing matches';
  await play(fromStart, 'start', nothing, { window: 1_000_000 }, ...plain(2));
}
