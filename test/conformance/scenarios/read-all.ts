// Reads of $all: bounds and filters.
import { event, expected, JSON_METADATA } from '../wire/append.js';
import { BEYOND_LONG, MAX_LONG, MAX_ULONG } from '../wire/numbers.js';
import { numberOf } from '../wire/position.js';
import { eventsIn, fieldsOf, present, type Recorded } from '../wire/read-reply.js';
import {
  BACKWARD,
  byEventType,
  byStreamName,
  counted,
  directed,
  expression,
  filtered,
  FORWARD,
  onAll,
  prefixes,
  regex,
  windowed,
  type FilterPart,
  type FromPosition,
  type Window,
} from '../wire/read-request.js';
import { type Server } from '../wire/server.js';
import { type Say, type Subject } from '../scenario.js';
import { lineOf, streamsOf } from './streams.js';

export const readAll: Subject = (server) => ({
  'read: all, bounds': (say) => bounds(server, say),

  'read: all, filtered': async (say) => {
    const { write, readWhole } = streamsOf(server);
    for (let n = 0; n < 5; n++) {
      await write(`raf-a${n}`, 'one', 'two');
      await write(`raf-b${n}`, 'one');
    }
    const typed = (type: string) => event(`raf/${type}`, { meta: { ...JSON_METADATA, type } });
    const types = ['RafApple', 'RafApricot', 'RafBanana', 'rafApple'];
    await server.rawAppend('raf-types', expected.any, types.map(typed));
    interface More {
      count?: number;
      window?: Window;
    }
    const read = async (
      direction: number,
      by: FilterPart,
      { count = 1000, window = 'count' }: More,
    ) =>
      lineOf(
        await readWhole(
          onAll(direction === FORWARD ? 'start' : 'end'),
          directed(direction),
          counted(count),
          filtered(windowed(window), by),
        ),
        ({ stream, rev }) => `${stream}/${rev}`,
      );
    const forwards = async (step: string, by: FilterPart, more: More = {}) =>
      say(step, await read(FORWARD, by, more));
    const backwards = async (step: string, by: FilterPart, more: More = {}) =>
      say(`backwards, ${step}`, await read(BACKWARD, by, more));
    const withA = byStreamName(prefixes('raf-a'));
    await forwards('prefix', withA);
    await forwards('prefix, 3', withA, { count: 3 });
    await forwards('prefix, window 1', withA, { window: 1 });
    await forwards('prefix, window 1, 3', withA, { window: 1, count: 3 });
    await forwards('two prefixes', byStreamName(prefixes('raf-a1', 'raf-b')));
    await forwards('regex', byStreamName(regex('^raf-[ab]3$')));
    await forwards('regex in the middle', byStreamName(regex('f-b')));
    const regexAndPrefixes = expression({ regex: '^raf-a1$', prefixList: ['raf-b'] });
    await forwards('regex and prefixes: the regex counts', byStreamName(regexAndPrefixes));
    await forwards('nothing matches', byStreamName(prefixes('raf-none')));
    await forwards('empty prefix list', byStreamName(prefixes()));
    await forwards('type prefix', byEventType(prefixes('RafAp')));
    await forwards('type prefix, other case', byEventType(prefixes('rafA')));
    await forwards('type regex', byEventType(regex('^RafAp.*t$')));
    const ignoringCase = byEventType(regex('(?i)^RAFAPPLE$'));
    await forwards('type regex, case ignored inline', ignoringCase);
    await backwards('prefix', withA);
    await backwards('prefix, 3', withA, { count: 3 });
    await backwards('type regex', byEventType(regex('^RafA')));
  },
});

async function bounds(server: Server, say: Say): Promise<void> {
  const { write, readWhole } = streamsOf(server);
  await write('filler-of-read-all-bounds', '1', '2', '3');
  await write('rab-1', 'a', 'b');
  await write('rab-2', 'c');
  await write('rab-1', 'd', 'e');
  const isOwn = ({ stream }: Recorded) => stream.startsWith('rab-');
  const label = (e: Recorded) => (isOwn(e) ? e.id.slice(-1) : 'other');
  const everything = await readWhole(onAll('start'), counted(1_000_000));
  const mine = everything.flatMap((message) => {
    const own = fieldsOf(message).event;
    return own && isOwn(own) ? [{ own, commit: fieldsOf(message).commit }] : [];
  });
  const positions = new Map(mine.map(({ own }) => [label(own), numberOf(own.pos[0])]));
  const at = (name: string) => present(positions.get(name), name);
  say(
    'own events: all positions of one are equal',
    mine.map(({ own, commit }) => {
      const [first, second] = own.pos;
      const isEqual = typeof commit === 'object' && commit.$pos === first.$pos;
      return [label(own), isEqual && first.$pos === second.$pos];
    }),
  );
  say('order', mine.map(({ own }) => label(own)).join(' '));
  const ofEpochs = eventsIn(everything).filter(({ stream }) => stream === '$epoch-information');
  say('nothing of $epoch-information', ofEpochs.length);
  /** Other events than the own ones are cut to one. */
  const read = async (step: string, direction: number, from: FromPosition, count: number) => {
    const messages = await readWhole(onAll(from), directed(direction), counted(count));
    say(step, lineOf(messages, label));
  };
  const cutRead = async (step: string, direction: number, from: FromPosition, count: number) => {
    const messages = await readWhole(onAll(from), directed(direction), counted(count));
    say(step, lineOf(messages, label).replace(/(other )+/g, 'other '));
  };
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await read(`forwards from ${name}, 2`, FORWARD, at(name), 2);
    await read(`backwards from ${name}, 2`, BACKWARD, at(name), 2);
  }
  await read('forwards from b, all', FORWARD, at('b'), 1000);
  await read('forwards from the start, 1', FORWARD, 'start', 1);
  await cutRead('forwards from the start, all', FORWARD, 'start', 1_000_000);
  await read('backwards from the end, 3', BACKWARD, 'end', 3);
  await cutRead('backwards from the end, all', BACKWARD, 'end', 1_000_000);
  await read('backwards from the start', BACKWARD, 'start', 10);
  await read('forwards from the end', FORWARD, 'end', 10);
  await read('forwards from 0/0, 1', FORWARD, 0n, 1);
  await read('backwards from 0/0', BACKWARD, 0n, 10);
  const [b, c, e] = [at('b'), at('c'), at('e')];
  await read('forwards from commit c, prepare 0', FORWARD, [c, 0n], 2);
  await read('forwards from commit c, prepare b', FORWARD, [c, b], 2);
  await cutRead('backwards from commit c, prepare 0', BACKWARD, [c, 0n], 2);
  await cutRead('backwards from commit c, prepare b', BACKWARD, [c, b], 2);
  await read('forwards, prepare beyond commit', FORWARD, [b, c], 2);
  await read('forwards from 2^64-1', FORWARD, [MAX_ULONG, MAX_ULONG], 2);
  await read('backwards from 2^64-1', BACKWARD, [MAX_ULONG, MAX_ULONG], 2);
  await read('forwards from commit 2^64-1, prepare 0', FORWARD, [MAX_ULONG, 0], 2);
  await read('forwards from 2^63', FORWARD, [BEYOND_LONG, BEYOND_LONG], 2);
  await read('forwards from 2^63-1', FORWARD, [MAX_LONG, MAX_LONG], 2);
  await read('backwards from 2^63-1', BACKWARD, [MAX_LONG, MAX_LONG], 2);
  await read('forwards from e + 1,000,000', FORWARD, e + 1_000_000n, 2);
  await read('backwards from e + 1,000,000', BACKWARD, e + 1_000_000n, 2);
  await read('forwards from b + 1', FORWARD, b + 1n, 2);
  await read('backwards from b + 1', BACKWARD, b + 1n, 2);
  await read('forwards from b - 1', FORWARD, b - 1n, 2);
}
