// What happens to the stream of a group: deletes, tombstones, truncation; system streams.
import { expected } from '../../wire/append.js';
import { type Consumer } from '../../wire/consumer.js';
import { COUNTS, deliveries, delivery, pick, type Info } from '../../wire/group-replies.js';
import { ALL } from '../../wire/group-requests.js';
import { id, jsonEventsOf } from '../../wire/ids.js';
import { eventOf } from '../../wire/read-reply.js';
import { sleep } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios } from './groups.js';

/** Deliveries with the types of the events, once nothing comes any more. */
async function settled(consumer: Consumer): Promise<unknown[]> {
  await consumer.settle(500);
  return consumer.messages.slice(1).map((message) => {
    const event = eventOf(message);
    return event ? `${String(delivery(message))} ${event.type}` : delivery(message);
  });
}

const hasDelivered = (line: string) => (messages: Consumer['messages']) =>
  messages.map(delivery).includes(line);

export const sources: Subject = (server) =>
  groupScenarios(server, {
    'source deleted, tombstoned, truncated': async (say, groups) => {
      const { create, consume, info, infoWhen, replay, append } = groups;
      const { client, rawTombstone } = server;
      const { any } = expected;
      await append('psd', jsonEventsOf('psd', 3));
      await create('psd', 'g', 'start');
      const consumer = await consume('psd', 'g', 20);
      await consumer.count(4);
      await client.deleteStream('psd');
      await append('psd', jsonEventsOf('psd', 2, 3));
      await consumer.count(6);
      say('deleted and written again while live', await settled(consumer));
      await rawTombstone('psd', any);
      say('tombstoned while live', await settled(consumer));
      const known = async (group: string) =>
        pick(await info('psd', group), 'lastKnownEventPosition', ...COUNTS);
      say('info', await known('g'));
      const second = await consume('psd', 'g', 20);
      say('another consumer', await settled(second));
      consumer.cancel();
      await second.until((messages) => messages.length >= 6, 3000);
      say('another consumer, the first gone', (await settled(second)).length);
      await create('psd', 'late', 'start');
      await sleep(300);
      say('group made after the tombstone', await known('late'));
      const late = await consume('psd', 'late', 20);
      const lines = await settled(late);
      say('consumer of it', [...late.messages, ...lines]);
      await append('psx', jsonEventsOf('psx', 3));
      await client.deleteStream('psx');
      await create('psx', 'g', 'start');
      await infoWhen('psx', 'g', ({ status }) => status === 'Live');
      const ofDeleted = await consume('psx', 'g', 20);
      say('group made after a delete', await settled(ofDeleted));
      await append('psx', jsonEventsOf('psx', 2, 3));
      await ofDeleted.count(3);
      say('then written again', await settled(ofDeleted));
      await append('psc', jsonEventsOf('psc', 8));
      await client.setStreamMetadata('psc', { truncateBefore: 5 });
      await create('psc', 'g', 'start');
      await create('psc', 'g2', 2);
      const fromStart = await consume('psc', 'g', 20);
      const fromTwo = await consume('psc', 'g2', 20);
      await fromStart.count(4);
      await fromTwo.count(4);
      const both = [await settled(fromStart), await settled(fromTwo)];
      say('truncated before the group', both);
      await append('pst', jsonEventsOf('pst', 6));
      await create('pst', 'g', 'start', { readBatchSize: 1, historyBufferSize: 2 });
      const behind = await consume('pst', 'g', 1);
      await behind.count(2);
      await client.setStreamMetadata('pst', { truncateBefore: 5 });
      for (let n = 0; n < 6; n += 1) {
        await behind.until(hasDelivered(`${n}@pst`), 1000);
        behind.ack([id(`pst${n}`)]);
      }
      say('truncated while behind', await settled(behind));
      await append('psp', jsonEventsOf('psp', 2));
      await create('psp', 'g', 'start');
      const parking = await consume('psp', 'g', 20);
      await parking.count(3);
      parking.nack([id('psp0')], 'PARK', 'x');
      const hasParked = ({ parkedMessageCount }: Info) => parkedMessageCount === '1';
      await infoWhen('psp', 'g', hasParked);
      await rawTombstone('psp', any);
      await parking.count(4);
      const replayed = await replay('psp', 'g');
      say('replay of a parked event whose stream is tombstoned', replayed);
      await parking.count(5);
      say('replayed', deliveries(parking, 3));
    },

    'system streams as source': async (say, { create, consume, append }) => {
      await create('$$pss', 'g', 'start');
      const ofMetadata = await consume('$$pss', 'g', 20);
      await server.client.setStreamMetadata('pss', { maxCount: 3 });
      await server.client.setStreamMetadata('pss', { maxCount: 4 });
      await ofMetadata.count(3);
      say('a metadata stream', deliveries(ofMetadata));
      const atOnce = { minCheckpointCount: 1, maxCheckpointCount: 1 };
      await append('pss-src', jsonEventsOf('pss', 1));
      await create('pss-src', 'g', 'start', atOnce);
      await create(ALL, 'pss-all', 'end', atOnce);
      const ofAll = await consume(ALL, 'pss-all', 1000);
      const consumer = await consume('pss-src', 'g', 20);
      await consumer.count(2);
      consumer.nack([id('pss0')], 'PARK', 'x');
      await append('pss-src', jsonEventsOf('pss', 1, 1));
      await consumer.count(3);
      consumer.ack([id('pss1')]);
      const lines = () => deliveries(ofAll).map(String);
      const isOfAGroup = (line: string) => /-(checkpoint|parked)/.test(line);
      await ofAll.until(() => lines().filter(isOfAGroup).length >= 2, 5000);
      ofAll.ackAll();
      await ofAll.settle(1500);
      say(
        '$all shows checkpoints and parked messages of groups of streams, not its own',
        lines()
          .filter((line) => line.includes('pss'))
          .sort(),
      );
    },
  });
