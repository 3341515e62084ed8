// Consumers that leave, too many of them, and an id that is in flight twice.
import { COUNTS, deliveries, pick, type Info } from '../../wire/group-replies.js';
import { ALL, prefixFilter } from '../../wire/group-requests.js';
import { id, jsonEventsOf } from '../../wire/ids.js';
import { waitFor } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios, parkedOf } from './groups.js';

const hasConnections =
  (count: number) =>
  ({ connectionsList }: Info) =>
    connectionsList.length === count;

export const comingsAndGoings: Subject = (server) =>
  groupScenarios(server, {
    disconnects: async (say, { create, consume, info, infoWhen, eventsIn, append }) => {
      const stream = 'pdc';
      await append(stream, jsonEventsOf('pdc', 6));
      await create(stream, 'g', 'start', { maxRetryCount: 0 });
      const a = await consume(stream, 'g', 4);
      await a.count(5);
      a.ack([id('pdc1')]);
      await a.count(6);
      const b = await consume(stream, 'g', 10);
      await b.count(2);
      a.cancel();
      await b.count(6);
      say('taken over with max retry 0', deliveries(b));
      say('nothing parked', pick(await info(stream, 'g'), ...COUNTS));
      b.cancel();
      await infoWhen(stream, 'g', hasConnections(0));
      const c = await consume(stream, 'g', 10);
      await c.count(6);
      say('and again', deliveries(c));
      c.nack([id('pdc0')], 'RETRY', 'x');
      await infoWhen(stream, 'g', ({ parkedMessageCount }) => parkedMessageCount === '1');
      const reasonOf = (meta: string) => (JSON.parse(meta) as { reason: string }).reason;
      const parked = await eventsIn(parkedOf('pdc::g'));
      say(
        'a nack parks it',
        parked.map(({ data, meta }) => [data, reasonOf(meta)]),
      );
      c.cancel();
      await infoWhen(stream, 'g', hasConnections(0));
      say('after all left', pick(await info(stream, 'g'), ...COUNTS));
    },

    'subscriber limit': async (say, { create, consume, infoWhen, append }) => {
      const stream = 'psl';
      await append(stream, jsonEventsOf('psl', 2));
      await create(stream, 'g', 'start', { maxSubscriberCount: 2 });
      const first = await consume(stream, 'g');
      await consume(stream, 'g');
      const third = await consume(stream, 'g');
      await waitFor(() => third.ended);
      say('third of two', third.messages);
      first.cancel();
      await infoWhen(stream, 'g', hasConnections(1));
      const again = await consume(stream, 'g');
      say('after one left', again.messages[0]);
      await create(stream, 'negative', 'start', { maxSubscriberCount: -1 });
      const negative = await consume(stream, 'negative');
      await waitFor(() => negative.ended);
      say('limit -1', negative.messages);
    },

    'the same event id twice': async (say, { create, consume, info, infoOf, infoWhen, append }) => {
      await create(ALL, 'pid', 'end', {}, { filter: prefixFilter('pid-') });
      const consumer = await consume(ALL, 'pid', 5);
      const slots = async () => (await infoOf(ALL, 'pid')).connectionsList[0]?.availableSlots;
      await append('pid-a', jsonEventsOf('pid', 1));
      await append('pid-b', jsonEventsOf('pid', 1));
      await consumer.count(3);
      say('delivered', deliveries(consumer));
      say('counts', pick(await info(ALL, 'pid'), ...COUNTS));
      say('slots', await slots());
      consumer.ack([id('pid0')]);
      const isDone = ({ outstandingMessagesCount }: Info) => outstandingMessagesCount === 0;
      await infoWhen(ALL, 'pid', isDone, 3000);
      consumer.ack([id('pid0')]);
      await consumer.settle(300);
      say('after both acks: counts', pick(await info(ALL, 'pid'), ...COUNTS));
      say('after both acks: slots, one is lost', await slots());
    },
  });
