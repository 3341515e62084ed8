// What acknowledgements and refusals of consumers do: capacity, retries, timeouts.
import {
  COUNTS,
  delivered,
  deliveries,
  delivery,
  pick,
  type Info,
} from '../../wire/group-replies.js';
import { id, jsonEventsOf } from '../../wire/ids.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios, parkedOf } from './groups.js';

const isLeft = ({ connectionsList }: Info) => connectionsList.length === 0;

export const acknowledging: Subject = (server) =>
  groupScenarios(server, {
    capacity: async (say, { create, consume, infoOf, append }) => {
      const stream = 'pcap';
      const idAt = (n: number) => id(`${stream}${n}`);
      await append(stream, jsonEventsOf('pcap', 12));
      await create(stream, 'g', 'start');
      const consumer = await consume(stream, 'g', 3);
      const after = async (step: string, count: number) => {
        await consumer.count(count + 1);
        await consumer.settle(250);
        const info = await infoOf(stream, 'g');
        const [connection] = info.connectionsList;
        say(step, {
          delivered: deliveries(consumer),
          ...(pick(info, ...COUNTS) as object),
          slots: connection?.availableSlots,
          items: connection?.totalItems,
        });
      };
      const ack = (...numbers: number[]) => consumer.ack(numbers.map(idAt));
      await after('opened with 3', 3);
      ack(1);
      await after('second acknowledged', 4);
      ack(0, 2);
      await after('two in one message', 6);
      ack(0);
      consumer.ack([id('nothing-like-this')]);
      await after('again and unknown', 6);
      ack(11);
      await after('one not delivered yet', 6);
      consumer.nack([idAt(3), idAt(4)], 'SKIP');
      await after('two skipped', 8);
      consumer.nack([idAt(5)], 'STOP');
      await after('stop', 9);
      ack(6, 6, 7);
      await after('the same id twice in one message', 11);
      ack(8, 9, 10);
      await after('the rest', 12);
      ack(11);
      await after('the last', 12);
      await append(stream, jsonEventsOf('pcap', 1, 12));
      await after('one live', 13);
    },

    'nack actions': async (say, { create, consume, info, infoWhen, lying, append }) => {
      for (const action of ['UNKNOWN', 'PARK', 'RETRY', 'SKIP', 'STOP'] as const) {
        const stream = `pna-${action}`;
        await append(stream, jsonEventsOf(stream, 4));
        await create(stream, 'g', 'start', { maxRetryCount: 2 });
        const consumer = await consume(stream, 'g', 4);
        await consumer.count(5);
        consumer.nack([id(`${stream}1`)], action, 'why');
        consumer.nack([id('nothing-like-this')], action, 'why');
        const parked = action === 'PARK' ? '1' : '0';
        await infoWhen(stream, 'g', ({ parkedMessageCount }) => parkedMessageCount === parked);
        await consumer.settle(400);
        const counts = pick(await info(stream, 'g'), ...COUNTS) as object;
        say(action, { delivered: deliveries(consumer), ...counts });
        if (action === 'PARK') say('parked', await lying(parkedOf(`${stream}::g`)));
      }
      const stream = 'pna-order';
      const idAt = (n: number) => id(`${stream}${n}`);
      await append(stream, jsonEventsOf(stream, 6));
      await create(stream, 'g', 'start');
      const consumer = await consume(stream, 'g', 6);
      await consumer.count(7);
      consumer.nack([4, 1, 3].map(idAt), 'RETRY');
      await consumer.count(10);
      say('several at once', deliveries(consumer));
      consumer.nack([idAt(3)], 'RETRY');
      consumer.nack([idAt(0)], 'RETRY');
      await consumer.count(12);
      say('one after the other', deliveries(consumer, 10));
    },

    'retries come first, in order': async (say, { create, consume, info, infoWhen, append }) => {
      const stream = 'prf';
      await append(stream, jsonEventsOf('prf', 8));
      await create(stream, 'g', 'start');
      const consumer = await consume(stream, 'g', 4);
      await consumer.count(5);
      consumer.cancel();
      await infoWhen(stream, 'g', isLeft);
      say('after a disconnect', pick(await info(stream, 'g'), ...COUNTS));
      const next = await consume(stream, 'g', 6);
      await next.count(7);
      say('the next consumer', deliveries(next));
    },

    'retry count reached': async (say, { create, consume, info, infoWhen, lying, append }) => {
      for (const max of [0, 1, 2, -1]) {
        const stream = `prc${max}`;
        await append(stream, jsonEventsOf(stream, 2));
        await create(stream, 'g', 'start', { maxRetryCount: max });
        const consumer = await consume(stream, 'g', 4);
        let seen = 1;
        for (let n = 0; n <= Math.max(0, max); n += 1) {
          await consumer.until((messages) => delivered('0@')(messages.slice(seen)));
          seen = consumer.messages.length;
          consumer.nack([id(`${stream}0`)], 'RETRY', 'r');
        }
        await infoWhen(stream, 'g', ({ parkedMessageCount }) => parkedMessageCount === '1');
        const counts = pick(await info(stream, 'g'), ...COUNTS) as object;
        say(`max ${max}`, { delivered: deliveries(consumer), ...counts });
        say(`max ${max}: parked`, await lying(parkedOf(`${stream}::g`)));
      }
    },

    'message timeout': async (say, { create, consume, info, infoWhen, eventsIn, append }) => {
      const timeouts: [string, number][] = [
        ['300 ms', 300],
        ['0', 0],
        ['-1', -1],
      ];
      for (const [step, messageTimeoutMs] of timeouts) {
        const stream = `pto${step}`;
        await append(stream, jsonEventsOf(stream, 3));
        await create(stream, 'g', 'start', { maxRetryCount: 1, messageTimeoutMs });
        const consumer = await consume(stream, 'g', 2);
        const areParked = ({ parkedMessageCount, outstandingMessagesCount }: Info) =>
          parkedMessageCount === '3' && outstandingMessagesCount === 0;
        await infoWhen(stream, 'g', areParked);
        say(`${step}: delivered`, [...deliveries(consumer)].sort());
        say(`${step}: afterwards`, pick(await info(stream, 'g'), ...COUNTS));
        const parked = await eventsIn(parkedOf(`${stream}::g`));
        say(`${step}: parked`, parked.map(({ data, meta }) => [data, meta]).sort());
        consumer.ack([id(`${stream}0`)]);
        await append(stream, jsonEventsOf(stream, 1, 3));
        await consumer.until(delivered('3@'));
        const late = consumer.messages.map(delivery).filter((x) => String(x).startsWith('3@'));
        say(`${step}: a late ack does no harm`, late.slice(0, 1));
      }
    },
  });
