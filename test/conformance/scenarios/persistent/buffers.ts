// What is told about a group in full; its buffers of history and of live events.
import {
  CHECKPOINTS,
  COUNTS,
  deliveries,
  delivery,
  pick,
  shownInfo,
  type Info,
} from '../../wire/group-replies.js';
import { ALL, prefixFilter, type Settings } from '../../wire/group-requests.js';
import { id, jsonEventsOf } from '../../wire/ids.js';
import { sleep } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios } from './groups.js';

const isLive = ({ status }: Info) => status === 'Live';
const hasConnections =
  (count: number) =>
  ({ connectionsList }: Info) =>
    connectionsList.length === count;

export const groupBuffers: Subject = (server) =>
  groupScenarios(server, {
    'info in full': async (say, { create, consume, info, infoOf, infoWhen, append }) => {
      const stream = 'pin';
      const counts = { minCheckpointCount: 1, maxCheckpointCount: 2, checkpointAfterMs: 3600000 };
      const show = async (step: string, source: string | typeof ALL = stream, group = 'g') =>
        say(step, shownInfo(await info(source, group)));
      await append(stream, jsonEventsOf('pin', 6));
      await create(stream, 'g', 'start', { extraStatistics: true, ...counts });
      await infoWhen(stream, 'g', isLive);
      await show('before a consumer');
      const consumer = await consume(stream, 'g', 4);
      await consumer.count(5);
      await show('four in flight');
      consumer.ack([id('pin0'), id('pin1')]);
      await consumer.count(7);
      const isAtOne = (told: Info) => told.lastCheckpointedEventPosition === '1';
      await infoWhen(stream, 'g', isAtOne);
      await show('two acknowledged');
      const [connection] = (await infoOf(stream, 'g')).connectionsList;
      const measured = connection?.observedMeasurementsList ?? [];
      const areWhole = measured.every(({ value }) => /^\d+$/.test(value));
      say('measurements are whole milliseconds', areWhole);
      consumer.nack([id('pin2')], 'PARK', 'x');
      await infoWhen(stream, 'g', ({ parkedMessageCount }) => parkedMessageCount === '1');
      await show('one parked');
      consumer.cancel();
      await infoWhen(stream, 'g', hasConnections(0));
      await show('consumer gone');
      const places = ['startFrom', ...CHECKPOINTS, ...COUNTS] as const;
      await create(stream, 'empty', 'end');
      say('from end', pick(await infoWhen(stream, 'empty', isLive), ...places));
      await create('pin-none', 'g', 'start');
      const ofNone = await infoWhen('pin-none', 'g', isLive);
      say('stream without events', pick(ofNone, ...places));
      await create(ALL, 'pin-all', 'end', {}, { filter: prefixFilter('pin') });
      const ofAll = await consume(ALL, 'pin-all', 10);
      await append(stream, jsonEventsOf('pin', 2, 6));
      await ofAll.count(3);
      await show('of $all', ALL, 'pin-all');
      const named = server.clientWith('connectionName=my-name');
      const subscription = named.subscribeToPersistentSubscriptionToStream(stream, 'empty');
      subscription.on('error', () => {});
      const withName = await infoWhen(stream, 'empty', hasConnections(1));
      say('a named connection', pick(withName, 'connectionsList'));
      await subscription.unsubscribe();
      const byClient = await named.getPersistentSubscriptionToStreamInfo(stream, 'g');
      const stats = Object.keys(byClient.stats).sort();
      say('as the client shows it', { ...byClient, stats });
    },

    'reading of history': async (say, { create, consume, infoWhen, append }) => {
      const stream = 'phi';
      await append(stream, jsonEventsOf('phi', 8));
      const makeGroup = async (group: string, over: Settings, buffered: number) => {
        await create(stream, group, 'start', over);
        const isFilled = ({ readBufferCount }: Info) => readBufferCount === buffered;
        const info = await infoWhen(stream, group, isFilled);
        say(`${group}: nobody reads`, pick(info, 'lastKnownEventPosition', ...COUNTS));
      };
      const small = 'history 2, batch 1';
      await makeGroup(small, { historyBufferSize: 2, readBatchSize: 1 }, 1);
      const consumer = await consume(stream, small, 100);
      await consumer.settle(1300);
      say('a consumer of 100 gets what was read', deliveries(consumer));
      for (let n = 0; n < 3; n += 1) {
        consumer.ack([id(`phi${n}`)]);
        await consumer.count(n + 3);
      }
      await consumer.settle(300);
      say('more is read only after an ack', deliveries(consumer));
      consumer.nack([id('phi3')], 'SKIP');
      await consumer.count(6);
      say('or a nack', deliveries(consumer));
      await append(stream, jsonEventsOf('phi', 600, 8));
      const usual = 'history 500, batch 20';
      await makeGroup(usual, {}, 480);
      const big = await consume(stream, usual, 1000);
      await big.count(481);
      await big.settle(1300);
      say('a consumer of 1000 gets', big.messages.length - 1);
      big.ack([id('phi0')]);
      await big.count(609);
      say('and after one ack', big.messages.length - 1);
    },

    'buffers of live events': async (say, { create, consume, info, infoWhen, append }) => {
      const stream = 'pbl';
      const small = { liveBufferSize: 3, historyBufferSize: 4, readBatchSize: 2 };
      await create(stream, 'g', 'end', small);
      const consumer = await consume(stream, 'g', 1);
      const write = async (step: string, count: number, from: number) => {
        for (const event of jsonEventsOf('pbl', count, from)) await append(stream, [event]);
        const last = String(from + count - 1);
        const isKnown = (told: Info) => told.lastKnownEventPosition === last;
        await infoWhen(stream, 'g', isKnown);
        await sleep(1500);
        say(step, pick(await info(stream, 'g'), 'lastKnownEventPosition', ...COUNTS));
      };
      await write('one, in flight', 1, 0);
      await write('two more', 2, 1);
      await write('two more: the buffer is full', 2, 3);
      await write('one more: behind', 1, 5);
      await write('six more', 6, 6);
      for (let n = 0; n < 12; n += 1) {
        await consumer.until((messages) => messages.map(delivery).includes(`${n}@pbl`));
        consumer.ack([id(`pbl${n}`)]);
      }
      const isDone = (told: Info) => told.outstandingMessagesCount === 0 && isLive(told);
      await infoWhen(stream, 'g', isDone);
      say('all delivered once, in order', deliveries(consumer));
      const after = ['lastKnownEventPosition', 'status', 'readBufferCount', 'totalItems'] as const;
      say('afterwards', pick(await info(stream, 'g'), ...after));
    },
  });
