// Creating groups: names, and requests of every form.
import persistent, { type CreateReq } from '@eventstore/db-client/generated/persistent_pb.js';
import { BACKWARDS, END } from '@eventstore/db-client';
import { expected } from '../../wire/append.js';
import { allOf } from '../../wire/client-results.js';
import { isInfo, pick, positionText, type Info, type Refusal } from '../../wire/group-replies.js';
import { ALL, deprecated, streamOptions, type From } from '../../wire/group-requests.js';
import { jsonEventsOf } from '../../wire/ids.js';
import { numberOf } from '../../wire/position.js';
import { empty } from '../../wire/protobuf.js';
import { present } from '../../wire/read-reply.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios, HANGS } from './groups.js';

const ODD_NAMES = [
  ...['', ' ', 'a b', 'a::b', '::', 'ü', '日本', "it's", 'x/y', 'x@y', '%41', '-checkpoint'],
  'x'.repeat(300),
];
const SYSTEM_AND_TOMBSTONED = [
  ...['$$meta', '$ce-x', '$all', '$persistentSubscriptionConfig', 'pn-tomb'],
];
const short = (name: string) => (name.length > 50 ? `${name.length} letters` : name);
const shownNames = (told: Info | Refusal) =>
  isInfo(told) ? [short(told.eventSource), short(told.groupName)] : told;

const POSITIONS: [number, number][] = [
  [0, 0],
  [5, 5],
  [6, 5],
  [5, 6],
  [-1, -1],
  [-1, 0],
  [0, -1],
  [-2, -2],
  [-1, -2],
  [2 ** 52, 2 ** 52],
];

export const groupCreation: Subject = (server) =>
  groupScenarios(server, {
    names: async (say, { create, update, remove, info, list }) => {
      for (const group of ODD_NAMES) {
        say(`group '${short(group)}'`, await create('pn', group));
        say(`group '${short(group)}' info`, shownNames(await info('pn', group)));
      }
      say('group ü again', await create('pn', 'ü'));
      for (const stream of ODD_NAMES) {
        const more = stream === '' ? HANGS : {};
        say(`stream '${short(stream)}'`, await create(stream, 'g', 'start', {}, more));
        say(`stream '${short(stream)}' info`, shownNames(await info(stream, 'g', more)));
      }
      say('stream ü again', await create('ü', 'g'));
      say('the same key from another stream', await create('pn::a', 'b'));
      const names = ['eventSource', 'groupName'] as const;
      say('info of pn::a / b', pick(await info('pn::a', 'b'), ...names));
      say('update pn::a / b', await update('pn::a', 'b'));
      say('delete pn::a / b', await remove('pn::a', 'b', HANGS));
      say('info of pn / a::b after it', pick(await info('pn', 'a::b'), ...names));
      await server.rawTombstone('pn-tomb', expected.any);
      for (const stream of SYSTEM_AND_TOMBSTONED) {
        say(`stream ${stream}`, await create(stream, 'g'));
      }
      const listed = await list('pn');
      say('list of pn', Array.isArray(listed) ? listed.map((one) => short(one.groupName)) : listed);
    },

    'create requests': async (say, { create, consume, infoOf, list, append }) => {
      const stream = 'pq';
      await append(stream, jsonEventsOf('pq', 3));
      const { StreamOptions } = persistent.CreateReq;
      const attempt = async (step: string, group: string, from: From) =>
        say(step, await create(stream, group, from));
      say('no options', await create(stream, 'g1', 'start', {}, { noOptions: true }));
      say('no settings', await create(stream, 'g1', 'start', {}, { noSettings: true }));
      say('no stream at all', await create(undefined, 'g1', () => {}));
      const withoutIdentifier = (options: CreateReq.Options) => {
        const streamOption = new StreamOptions();
        streamOption.setStart(empty());
        options.setStream(streamOption);
      };
      await attempt('stream without identifier', 'g1', withoutIdentifier);
      await attempt('no start', 'unset', 'unset');
      await attempt('start', 'start', 'start');
      await attempt('end', 'end', 'end');
      for (const revision of [0, 1, 2, 3, 99, -1, -2, -5]) {
        await attempt(`revision ${revision}`, `r${revision}`, revision);
      }
      for (const revision of [0, 2, -1, -2]) {
        const from = deprecated(stream, revision);
        await attempt(`deprecated revision ${revision}`, `d${revision}`, from);
      }
      await attempt('deprecated without stream', 'd', () => {});
      say('deprecated $all', await create('$all', 'd', deprecated('$all', 0)));
      await attempt('both forms', 'both', (options, settings) => {
        deprecated('pq-other', 2)(options, settings);
        options.setStream(streamOptions(stream, 'start'));
      });
      const listed = async (source: string | typeof ALL) => {
        const infos = await list(source);
        return Array.isArray(infos) ? infos : [];
      };
      for (const { groupName, eventSource, startFrom, status } of await listed(stream)) {
        say(`start_from of ${groupName}`, [eventSource, startFrom, status]);
      }
      await attempt('again', 'start', 'end');
      const toAll = async (step: string, group: string, from: From) =>
        say(`$all, ${step}`, await create(ALL, `pq-${group}`, from));
      await toAll('start', 'start', 'start');
      await toAll('again', 'start', 'start');
      await toAll('end', 'end', 'end');
      await toAll('position unset', 'unset', 'unset');
      for (const at of POSITIONS) await toAll(`position ${String(at)}`, String(at), at);
      const back = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
      const [last] = await allOf(server.client.readAll(back));
      const [commit, prepare] = present(last?.event?.pos, 'the last event').map(numberOf);
      await toAll('the last event', 'last', [commit ?? 0n, prepare ?? 0n]);
      await toAll('prepare zero', 'zero', [commit ?? 0n, 0n]);
      // 5 is not the start of a record, 0 is not the prepare position of that one.
      for (const group of ['pq-5,5', 'pq-zero']) {
        const consumer = await consume(ALL, group);
        await consumer.until((messages) => messages.length > 1, 3000);
        const { messages } = consumer;
        say(`consumer of ${group}`, group === 'pq-zero' ? messages[0] : messages);
        say(`status of ${group}`, (await infoOf(ALL, group)).status);
      }
      for (const { groupName, eventSource, startFrom } of await listed(ALL)) {
        if (!groupName.startsWith('pq')) continue;
        say(`start_from of ${groupName}`, [eventSource, positionText(startFrom)]);
      }
    },
  });
