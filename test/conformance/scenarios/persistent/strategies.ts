// Several consumers of one group: who gets what.
import { type Consumer } from '../../wire/consumer.js';
import { COUNTS, deliveries, pick, type Info } from '../../wire/group-replies.js';
import { ALL, DISPATCH_TO_SINGLE, PINNED, prefixFilter } from '../../wire/group-requests.js';
import { id, jsonEventOf, jsonEventsOf } from '../../wire/ids.js';
import { eventsIn } from '../../wire/read-reply.js';
import { waitFor } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios } from './groups.js';

const hasOutstanding =
  (count: number) =>
  ({ outstandingMessagesCount }: Info) =>
    outstandingMessagesCount === count;
const hasConnections =
  (count: number) =>
  ({ connectionsList }: Info) =>
    connectionsList.length === count;

const streamsOf = ({ messages }: Consumer) => eventsIn(messages).map(({ stream }) => stream);
const countOf = (...consumers: Consumer[]) =>
  consumers.reduce((sum, { messages }) => sum + messages.length, 0);

export const strategies: Subject = (server) =>
  groupScenarios(server, {
    'round robin': async (say, { create, consume, info, infoOf, infoWhen, append }) => {
      const stream = 'prr';
      await create(stream, 'g', 'end');
      const a = await consume(stream, 'g', 3);
      const b = await consume(stream, 'g', 3);
      const c = await consume(stream, 'g', 3);
      const all = () => [a, b, c].map((consumer) => deliveries(consumer));
      const slots = async () =>
        (await infoOf(stream, 'g')).connectionsList.map(({ availableSlots }) => availableSlots);
      await append(stream, jsonEventsOf('prr', 7));
      await a.count(4);
      await b.count(3);
      await c.count(3);
      say('seven events', all());
      await append(stream, jsonEventsOf('prr', 4, 7));
      for (const consumer of [a, b, c]) await consumer.count(4);
      await a.settle(300);
      say('four more: all are full', all());
      say('counts', pick(await info(stream, 'g'), ...COUNTS));
      b.ack([id('prr1')]);
      await b.count(5);
      b.ack([id('prr4')]);
      await b.count(6);
      say('whoever has room', deliveries(b));
      a.ack([id('prr2'), id('prr5')]);
      await infoWhen(stream, 'g', hasOutstanding(7));
      say('ack by another consumer frees the owner', await slots());
      c.cancel();
      await infoWhen(stream, 'g', hasConnections(2));
      say('slots after one left', await slots());
      await create(stream, 'history', 'start');
      await infoWhen(stream, 'history', ({ status }) => status === 'Live');
      const first = await consume(stream, 'history', 4);
      await first.count(5);
      const second = await consume(stream, 'history', 4);
      await second.count(5);
      const both = () => [deliveries(first), deliveries(second)];
      say('history goes to who comes first', both());
      first.nack([id('prr0')], 'RETRY');
      await first.settle(400);
      say('a retry goes to who has room', both());
    },

    'dispatch to single': async (say, { create, consume, infoWhen, append }) => {
      const stream = 'pds';
      await create(stream, 'g', 'end', DISPATCH_TO_SINGLE);
      const a = await consume(stream, 'g', 3);
      const b = await consume(stream, 'g', 3);
      const both = () => [deliveries(a), deliveries(b)];
      await append(stream, jsonEventsOf('pds', 2));
      await a.count(3);
      say('two events', both());
      await append(stream, jsonEventsOf('pds', 2, 2));
      await b.count(2);
      say('two more', both());
      a.ack([id('pds0'), id('pds1'), id('pds2')]);
      await infoWhen(stream, 'g', hasOutstanding(1));
      await append(stream, jsonEventsOf('pds', 3, 4));
      await a.count(5);
      say('the first is free again, the second stays chosen until full', both());
    },

    pinned: async (say, { create, consume, infoWhen, append }) => {
      const names = Array.from({ length: 12 }, (_, n) => `ppn-${n}`);
      await create(ALL, 'ppn', 'end', PINNED, { filter: prefixFilter('ppn-') });
      const a = await consume(ALL, 'ppn', 100);
      const b = await consume(ALL, 'ppn', 100);
      const write = async (round: number) => {
        for (const name of names) await append(name, jsonEventsOf(`${name}.`, 1, round));
      };
      for (const round of [0, 1, 2]) await write(round);
      await waitFor(() => countOf(a, b) === 38);
      const owned = (consumer: Consumer) => new Set(streamsOf(consumer));
      const [ofA, ofB] = [owned(a), owned(b)];
      const haveOneOwner = names.every((name) => ofA.has(name) !== ofB.has(name));
      say('every stream has one consumer', haveOneOwner);
      say('both work', ofA.size > 0 && ofB.size > 0);
      say('half of the streams each', [ofA.size, ofB.size]);
      const isInOrder = (name: string) => {
        const lines = [0, 1, 2].map((round) => `${round}@${name}`).join();
        const isOfIt = (line: unknown) => String(line).endsWith(`@${name}`);
        return [a, b].some((consumer) => deliveries(consumer).filter(isOfIt).join() === lines);
      };
      say('order within a stream', names.every(isInOrder));
      say('which streams', [...ofA].sort());
      a.ackAll();
      b.ackAll();
      await infoWhen(ALL, 'ppn', hasOutstanding(0));
      const c = await consume(ALL, 'ppn', 100);
      await write(3);
      await waitFor(() => countOf(a, b, c) === 51);
      const ofC = owned(c);
      say('a third takes a share', ofC.size);
      say('those who kept theirs', [...ofC].filter((name) => ofA.has(name)).length);
      a.cancel();
      await infoWhen(ALL, 'ppn', hasConnections(2));
      await write(4);
      const fourths = () => {
        const lines = [...deliveries(b), ...deliveries(c)].map(String);
        return new Set(lines.filter((line) => line.startsWith('4@'))).size;
      };
      await waitFor(() => fourths() === 12);
      say('one left: the others get its streams', fourths());
    },

    'pinned to a full consumer': async (say, { create, consume, append }) => {
      await create(ALL, 'ppf', 'end', PINNED, { filter: prefixFilter('ppf-') });
      const a = await consume(ALL, 'ppf', 2);
      const b = await consume(ALL, 'ppf', 2);
      await append('ppf-a', jsonEventsOf('ppfa', 4));
      await waitFor(() => countOf(a, b) === 4);
      const [full, other] = a.messages.length === 3 ? [a, b] : [b, a];
      await append('ppf-b', jsonEventsOf('ppfb', 2));
      await other.count(3);
      say('the full one', deliveries(full));
      say('the other is not held up', deliveries(other));
      full.ack([id('ppfa0')]);
      await full.count(4);
      say('freed: the next of its own stream', deliveries(full));
      const byCorrelation = { consumerStrategy: 'PinnedByCorrelation' };
      await create(ALL, 'ppfc', 'end', byCorrelation, { filter: prefixFilter('ppfc-') });
      const x = await consume(ALL, 'ppfc', 50);
      const y = await consume(ALL, 'ppfc', 50);
      for (let n = 0; n < 12; n += 1) {
        for (const kind of ['a', 'b']) {
          const metadata = { $correlationId: `c${n}` };
          const event = jsonEventOf(`ppfc${kind}${n}`, { n }, 'T', metadata);
          await append(`ppfc-${kind}${n}`, [event]);
        }
      }
      await waitFor(() => countOf(x, y) === 26);
      const numbers = (consumer: Consumer, kind: string) =>
        streamsOf(consumer)
          .filter((stream) => stream.startsWith(`ppfc-${kind}`))
          .map((stream) => stream.slice('ppfc-a'.length))
          .join();
      const isSame = (consumer: Consumer) => numbers(consumer, 'a') === numbers(consumer, 'b');
      const step = 'by correlation: both events of one id to one consumer';
      say(step, isSame(x) && isSame(y));
    },
  });
