// Checkpoints of groups: when they are written, and how far they go.
import { allOf } from '../../wire/client-results.js';
import {
  CHECKPOINTS,
  commitOf,
  COUNTS,
  deliveries,
  pick,
  type Info,
} from '../../wire/group-replies.js';
import { ALL, prefixFilter } from '../../wire/group-requests.js';
import { id, jsonEventsOf } from '../../wire/ids.js';
import { fieldsOf, present } from '../../wire/read-reply.js';
import { sleep, waitFor } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { checkpointOf, groupScenarios } from './groups.js';

const AN_HOUR_MS = 3_600_000;
const QUICK = { minCheckpointCount: 1, maxCheckpointCount: 2 };

const isAt =
  (position: string) =>
  ({ lastCheckpointedEventPosition }: Info) =>
    lastCheckpointedEventPosition === position;
const isNotAt = (position: string) => (info: Info) => !isAt(position)(info);
const isBeyond = (commit: string | undefined) => (info: Info) =>
  commitOf(info) >= BigInt(present(commit, 'position'));

export const groupCheckpoints: Subject = (server) => {
  /** The positions of the events of a stream. */
  const positionsOf = async (stream: string) =>
    (await allOf(server.client.readStream(stream))).map((read) => read.event?.pos?.[0].$pos);

  return groupScenarios(server, {
    'checkpoints by count': async (say, { create, consume, info, infoWhen, lying, append }) => {
      const stream = 'pkc';
      const idAt = (n: number) => id(`${stream}${n}`);
      await append(stream, jsonEventsOf('pkc', 12));
      const byCount = {
        minCheckpointCount: 1000,
        maxCheckpointCount: 3,
        checkpointAfterMs: AN_HOUR_MS,
      };
      await create(stream, 'g', 'start', byCount);
      const consumer = await consume(stream, 'g', 20);
      await consumer.count(13);
      const checkpoints = checkpointOf('pkc::g');
      const state = async () => ({
        ...(pick(await info(stream, 'g'), ...CHECKPOINTS) as object),
        stream: (await lying(checkpoints)).map((row) =>
          typeof row === 'object' && 'rev' in row
            ? [row.rev, row.type, row.json, row.data, row.meta]
            : row,
        ),
      });
      const ack = async (step: string, numbers: number[], position: string) => {
        consumer.ack(numbers.map(idAt));
        await infoWhen(stream, 'g', isAt(position), 5000);
        await consumer.settle(150);
        say(step, await state());
      };
      await ack('0 and 1', [0, 1], '');
      await ack('2', [2], '2');
      await ack('4, 5, 6: 3 is missing', [4, 5, 6], '2');
      await ack('3', [3], '6');
      await ack('7', [7], '6');
      await ack('8 and 9', [8, 9], '9');
      say('metadata of the checkpoint stream', await lying(`$$${checkpoints}`));
      consumer.nack([idAt(10)], 'RETRY');
      await consumer.count(14);
      await ack('11, 10 retried', [11], '9');
      await append(stream, jsonEventsOf('pkc', 3, 12));
      await consumer.count(17);
      await ack('12, 13, 14', [12, 13, 14], '9');
      consumer.nack([idAt(10)], 'PARK');
      await infoWhen(stream, 'g', isAt('14'));
      say('10 parked', await state());
    },

    'checkpoints by time': async (say, { create, consume, info, infoWhen, append }) => {
      const stream = 'pkt';
      await append(stream, jsonEventsOf('pkt', 6));
      const ids = (...numbers: number[]) => numbers.map((n) => id(`${stream}${n}`));
      const open = async (group: string, min: number, checkpointAfterMs: number) => {
        const counts = { minCheckpointCount: min, maxCheckpointCount: 1000 };
        await create(stream, group, 'start', { ...counts, checkpointAfterMs });
        const consumer = await consume(stream, group, 20);
        await consumer.count(7);
        return consumer;
      };
      const show = async (step: string, group: string) =>
        say(step, pick(await info(stream, group), ...CHECKPOINTS));
      const soon = await open('g', 2, 1);
      soon.ack(ids(0));
      await sleep(2500);
      await show('one acknowledged, two needed', 'g');
      soon.ack(ids(1));
      await infoWhen(stream, 'g', isNotAt(''), 5000);
      await show('two', 'g');
      soon.ack(ids(2, 3, 4, 5));
      await infoWhen(stream, 'g', isNotAt('1'), 5000);
      await show('all', 'g');
      const late = await open('late', 1, AN_HOUR_MS);
      late.ack(ids(0));
      await infoWhen(stream, 'late', isNotAt(''), 5000);
      await show('an hour between: the first is written at once', 'late');
      late.ack(ids(1, 2));
      await sleep(2500);
      await show('an hour between: the second waits', 'late');
      const never = await open('never', 1, 0);
      never.ackAll();
      await sleep(2500);
      await show('checkpoint after 0: never by time', 'never');
    },

    'checkpoints of $all': async (say, { create, consume, infoWhen, eventsIn, append }) => {
      await append('pka-1', jsonEventsOf('pka', 4));
      await create(ALL, 'pka', 'start', QUICK, { filter: prefixFilter('pka-') });
      const consumer = await consume(ALL, 'pka', 20);
      await consumer.count(5);
      say('delivered', deliveries(consumer));
      consumer.ackAll();
      const { commit } = fieldsOf(consumer.messages.at(-1));
      const last = typeof commit === 'object' ? commit.$pos : '';
      const reached = await infoWhen(ALL, 'pka', isBeyond(last), 5000);
      say('checkpoint reaches the last event acknowledged', reached !== undefined);
      const known = reached?.lastKnownEventPosition;
      say('known is the last event that passed', known === `C:${last}/P:${last}`);
      const checkpoint = (await eventsIn(checkpointOf('$all::pka'))).at(-1);
      const { type, json, data, meta } = present(checkpoint, 'checkpoint');
      say('the event', [type, json, data, meta]);
      await append('pkz', jsonEventsOf('pkz', 7));
      const passed = (await positionsOf('pkz')).at(-2);
      // Anything that happens on the server may move it further.
      const after = await infoWhen(ALL, 'pka', isBeyond(passed), 5000);
      say('events that do not pass move it', after !== undefined);
      say('known stays', after?.lastKnownEventPosition === known);
    },

    // Nothing is outstanding while nobody reads: what does not pass the filter then moves the
    // checkpoint over what waits.
    'checkpoint of a filtered $all group without a consumer': async (say, groups) => {
      const { create, consume, infoWhen, eventsIn, restart, append } = groups;
      const isLive = ({ status }: Info) => status === 'Live';
      await create(ALL, 'pkn', 'end', QUICK, { filter: prefixFilter('pkn-') });
      await infoWhen(ALL, 'pkn', isLive);
      await append('pkn-1', jsonEventsOf('pkn', 3));
      for (const event of jsonEventsOf('pkz', 6)) await append('pkz-1', [event]);
      const [other] = await positionsOf('pkz-1');
      const moved = await infoWhen(ALL, 'pkn', isBeyond(other), 5000);
      const counts = moved ? pick(moved, ...COUNTS) : 'no';
      say('three wait, and the checkpoint is beyond them', counts);
      await waitFor(async () => (await eventsIn(checkpointOf('$all::pkn'))).length > 0);
      await sleep(500);
      await restart();
      await infoWhen(ALL, 'pkn', isLive);
      const consumer = await consume(ALL, 'pkn');
      await append('pkn-1', jsonEventsOf('pkn', 1, 3));
      await consumer.count(2);
      await consumer.settle(500);
      say('after a restart they never come', deliveries(consumer));
    },
  });
};
