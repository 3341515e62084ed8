// What groups remember after a restart of the subsystem, and after an update.
import {
  CHECKPOINTS,
  COUNTS,
  delivered,
  deliveries,
  delivery,
  pick,
  type Info,
} from '../../wire/group-replies.js';
import { ALL, prefixFilter } from '../../wire/group-requests.js';
import { id, jsonEventsOf } from '../../wire/ids.js';
import { fieldsOf } from '../../wire/read-reply.js';
import { sleep, waitFor } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { checkpointOf, groupScenarios, type Groups } from './groups.js';

const QUICK = { minCheckpointCount: 1, maxCheckpointCount: 2 };
const SLOW = { minCheckpointCount: 1000, checkpointAfterMs: 3_600_000 };

const isLive = ({ status }: Info) => status === 'Live';
const hasParkedOne = ({ parkedMessageCount }: Info) => parkedMessageCount === '1';

/**
 * Until the stream of checkpoints ends with this. One that is due while the last one is being written
 * is lost, so each is waited for.
 */
const stored = ({ eventsIn }: Groups, key: string, data: string) =>
  waitFor(async () => (await eventsIn(checkpointOf(key))).at(-1)?.data === data, 5000, 100);

export const restarting: Subject = (server) =>
  groupScenarios(server, {
    'after a restart of the subsystem': async (say, groups) => {
      const { create, consume, infoWhen, restart, replay, append } = groups;
      const stream = 'prs';
      const ids = (...numbers: number[]) => numbers.map((n) => id(`${stream}${n}`));
      await append(stream, jsonEventsOf('prs', 6));
      await create(stream, 'g', 'start', QUICK);
      await create(stream, 'none', 'start', { ...SLOW, maxCheckpointCount: 1000 });
      await create(stream, 'end', 'end', SLOW);
      await create(ALL, 'prs-all', 'start', QUICK, { filter: prefixFilter('prs') });
      const withCheckpoint = await consume(stream, 'g', 20);
      const without = await consume(stream, 'none', 20);
      const fromEnd = await consume(stream, 'end', 20);
      const ofAll = await consume(ALL, 'prs-all', 3);
      await withCheckpoint.count(7);
      await without.count(7);
      await ofAll.count(4);
      await append(stream, jsonEventsOf('prs', 2, 6));
      await withCheckpoint.count(9);
      await without.count(9);
      await fromEnd.count(3);
      withCheckpoint.ack(ids(0, 1, 2, 4));
      await stored(groups, 'prs::g', '"2"');
      withCheckpoint.nack(ids(3), 'PARK', 'x');
      await stored(groups, 'prs::g', '"4"');
      without.nack(ids(0), 'PARK', 'x');
      await infoWhen(stream, 'g', hasParkedOne);
      await infoWhen(stream, 'none', hasParkedOne);
      await sleep(1500);
      ofAll.ack(ids(0, 1));
      const { commit } = fieldsOf(ofAll.messages[2]);
      const second = typeof commit === 'object' ? commit.$pos : '';
      const isAtSecond = ({ lastCheckpointedEventPosition }: Info) =>
        lastCheckpointedEventPosition === `C:${second}/P:${second}`;
      await infoWhen(ALL, 'prs-all', isAtSecond);
      await sleep(500);
      say('restart', await restart());
      const before = [withCheckpoint, without, fromEnd, ofAll];
      for (const consumer of before) await waitFor(() => consumer.ended);
      say(
        'consumers',
        before.map(({ messages }) => messages.at(-1)),
      );
      for (const group of ['g', 'none', 'end']) {
        const info = await infoWhen(stream, group, isLive);
        say(`${group}: info`, pick(info, ...CHECKPOINTS, ...COUNTS));
      }
      say('$all: info', pick(await infoWhen(ALL, 'prs-all', isLive), ...COUNTS));
      const withCheckpoint2 = await consume(stream, 'g', 20);
      const without2 = await consume(stream, 'none', 20);
      const fromEnd2 = await consume(stream, 'end', 20);
      const ofAll2 = await consume(ALL, 'prs-all', 20);
      await withCheckpoint2.count(4);
      await without2.count(9);
      await ofAll2.count(7);
      await append(stream, jsonEventsOf('prs', 1, 8));
      for (const consumer of [withCheckpoint2, without2, fromEnd2, ofAll2]) {
        await consumer.until((messages) => messages.some((m) => delivery(m) === '8@prs'));
      }
      say('g: continues after the checkpoint', deliveries(withCheckpoint2));
      say('none: begins again', deliveries(without2));
      say('end: only what is new, the unacknowledged are gone', deliveries(fromEnd2));
      say('$all: continues after the checkpoint', deliveries(ofAll2));
      say('replay of what was parked before', await replay(stream, 'none'));
      const isReplayed = (line: unknown) => String(line).includes('by');
      await without2.until((messages) => messages.map(delivery).some(isReplayed));
      say('delivered', deliveries(without2).slice(-1));
    },

    'after an update': async (say, groups) => {
      const { create, consume, update, infoWhen, append } = groups;
      const stream = 'pau';
      const ids = (...numbers: number[]) => numbers.map((n) => id(`${stream}${n}`));
      await append(stream, jsonEventsOf('pau', 6));
      await create(stream, 'checkpoint', 'start', QUICK);
      await create(stream, 'none', 'start', SLOW);
      for (const group of ['checkpoint', 'none']) {
        const wait = async (data: string) => {
          if (group === 'checkpoint') await stored(groups, 'pau::checkpoint', data);
        };
        const consumer = await consume(stream, group, 20);
        await consumer.count(7);
        consumer.ack(ids(0));
        await wait('"0"');
        consumer.nack(ids(2), 'PARK', 'x');
        await infoWhen(stream, group, hasParkedOne);
        consumer.ack(ids(1, 3));
        await infoWhen(stream, group, hasParkedOne);
        await wait('"3"');
        say(`${group}: update to start at 1`, await update(stream, group, 1, QUICK));
        await waitFor(() => consumer.ended);
        say(`${group}: consumer`, consumer.messages.at(-1));
        const info = await infoWhen(stream, group, isLive);
        say(`${group}: info`, pick(info, 'startFrom', ...CHECKPOINTS, ...COUNTS));
        const next = await consume(stream, group, 20);
        await next.until(delivered('5@'));
        say(`${group}: the next consumer`, deliveries(next));
      }
    },
  });
