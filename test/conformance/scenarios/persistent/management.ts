// Deleting and listing groups, the stream of their configuration, filters of $all.
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import {
  delivery,
  deliveries,
  pick,
  shownInfo,
  type Info,
  type Refusal,
} from '../../wire/group-replies.js';
import { ALL, groupFilter, prefixFilter, type SetFilter } from '../../wire/group-requests.js';
import { id, jsonEventOf, jsonEventsOf } from '../../wire/ids.js';
import { empty, fill } from '../../wire/protobuf.js';
import { fieldsOf, present, type ReadMessage } from '../../wire/read-reply.js';
import { unary } from '../../wire/target.js';
import { waitFor } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { checkpointOf, groupScenarios, HANGS, parkedOf, simple } from './groups.js';

const CONFIGURATION = '$persistentSubscriptionConfig';

const FILTERS: Record<string, SetFilter> = {
  no_filter: (options) => options.setNoFilter(empty()),
  'stream prefix': prefixFilter('pfa-'),
  'stream prefixes': prefixFilter('pfa-', 'pfb-'),
  'stream prefix, other case': prefixFilter('PFA-'),
  'stream regex': groupFilter('streamIdentifier', { regex: '^pf[ab]-1$' }),
  'stream regex in the middle': groupFilter('streamIdentifier', { regex: 'fb' }),
  'stream regex wins over prefixes': groupFilter('streamIdentifier', {
    regex: '^pfb',
    prefixList: ['pfa-'],
  }),
  'type prefix': groupFilter('eventType', { prefixList: ['Ban'] }),
  'type regex': groupFilter('eventType', { regex: '(?i)^apple$' }),
  'window max': groupFilter('streamIdentifier', { prefixList: ['pfb-'] }, { max: 1 }),
  'no window': groupFilter('streamIdentifier', { prefixList: ['pfb-'] }, {}),
  'empty expression': groupFilter('streamIdentifier', {}),
  'empty prefix': prefixFilter(''),
  'nothing set': groupFilter(undefined, {}),
  'bad regex': groupFilter('streamIdentifier', { regex: '(' }),
};

export const groupManagement: Subject = (server) =>
  groupScenarios(server, {
    delete: async (say, { create, remove, consume, info, infoWhen, list, lying, append }) => {
      const stream = 'pd';
      await append(stream, jsonEventsOf('pd', 12));
      say('missing group', await remove(stream, 'nope'));
      say('missing stream', await remove('pd-none', 'g'));
      say('empty stream', await remove('', 'g', HANGS));
      say('$all by name', await remove('$all', 'g'));
      say('$all missing', await remove(ALL, 'pd-none'));
      say('no stream', await remove(undefined, 'g'));
      await create(stream, 'g', 'start', { minCheckpointCount: 1, maxCheckpointCount: 2 });
      const consumer = await consume(stream, 'g', 20);
      await consumer.count(13);
      consumer.nack([id('pd0')], 'PARK', 'x');
      consumer.ack(jsonEventsOf('pd', 10, 1).map((event) => event.id));
      const isParkedAndStored = (told: Info) =>
        told.parkedMessageCount === '1' && told.lastCheckpointedEventPosition !== '';
      await infoWhen(stream, 'g', isParkedAndStored);
      say('delete', await remove(stream, 'g'));
      await consumer.until((messages) => fieldsOf(messages.at(-1)).status);
      say('consumer', consumer.messages.at(-1));
      const parked = parkedOf('pd::g');
      const checkpoints = checkpointOf('pd::g');
      const isMissing = (read: Awaited<ReturnType<typeof lying>>) =>
        fieldsOf(read[0] as ReadMessage).streamNotFound !== undefined;
      await waitFor(async () => isMissing(await lying(parked)));
      say('checkpoint stream', await lying(checkpoints));
      say('parked stream', await lying(parked));
      say('their metadata', [await lying(`$$${checkpoints}`), await lying(`$$${parked}`)]);
      say('delete again', await remove(stream, 'g'));
      say('info', await info(stream, 'g'));
      say('list of the stream', await list(stream));
      await create(stream, 'g', 'start');
      const again = await consume(stream, 'g', 3);
      await again.count(4);
      say('created again: from the start', deliveries(again));
      again.cancel();
    },

    list: async (say, { create, update, remove, info, list }) => {
      const stream = 'pl';
      const names = (listed: Info[] | Refusal) =>
        Array.isArray(listed)
          ? listed
              .map((one) => `${one.eventSource}::${one.groupName}`)
              .filter((n) => n.includes('pl'))
          : listed;
      say('stream never used', await list('pl-never'));
      say('empty stream name', await list('', HANGS));
      await create(stream, 'b');
      await create(stream, 'a');
      await create('pl2', 'c');
      await create(ALL, 'pl-x');
      say('all, in order', names(await list()));
      say('stream', names(await list(stream)));
      say('stream $all by name', names(await list('$all')));
      say('$all', names(await list(ALL)));
      await update(stream, 'b', 'end');
      const listed = await list(stream);
      say('order after update', names(listed));
      const [one] = Array.isArray(listed) ? listed : [];
      const same = await info(stream, one?.groupName ?? '');
      const isSame = JSON.stringify(one && shownInfo(one)) === JSON.stringify(shownInfo(same));
      say('an entry equals info', isSame);
      await remove(stream, 'a');
      await remove(stream, 'b');
      say('stream whose groups are gone', await list(stream));
      say('info there', await info(stream, 'a'));
      say('info without stream', await info(undefined, 'a'));
      const { target, persistent: stub } = server;
      const { GetInfoReq, ListReq } = persistent;
      const bareInfo = await unary(target, stub.getInfo.bind(stub), new GetInfoReq());
      say('info without options', simple(bareInfo));
      const bareList = await unary(target, stub.list.bind(stub), new ListReq());
      say('list without options', simple(bareList));
      const emptyOptions = fill(new ListReq(), { options: new ListReq.Options() });
      const emptyList = await unary(target, stub.list.bind(stub), emptyOptions);
      say('list with empty options', simple(emptyList));
      const ofAll = await info('$all', 'pl-x');
      say('info of $all by name', pick(ofAll, 'eventSource', 'groupName'));
    },

    'configuration stream': async (say, { create, eventsIn, lying }) => {
      const shown = { resolveLinks: true, extraStatistics: true, maxSubscriberCount: 7 };
      await create('pcfg', 'g', 2, shown);
      await create(ALL, 'pcfg-none', 'start');
      await create(ALL, 'pcfg-prefix', 'end', {}, { filter: prefixFilter('a-', 'b-') });
      const window = { max: 77, checkpointintervalmultiplier: 3 };
      const filter = groupFilter('eventType', { regex: '^A' }, window);
      const zeroes = { maxRetryCount: 0, messageTimeoutMs: 0 };
      await create(ALL, 'pcfg-type', [0, 0], zeroes, { filter });
      const { type, json, meta, data } = present((await eventsIn(CONFIGURATION)).at(-1), 'event');
      say('event', { type, json, meta });
      const entries = data.split(/(?=\n {4}\{)/);
      say('head', entries[0]);
      for (const entry of entries.filter((text) => text.includes('pcfg'))) {
        const tail = (rest: string) => (/\}$/.test(rest.trim()) ? '' : rest);
        say('entry', entry.replace(/\s*\][^\]]*$/, tail));
      }
      say('metadata', await lying(`$$${CONFIGURATION}`));
      say('events kept', (await lying(CONFIGURATION)).length);
    },

    'filters of $all': async (say, { create, remove, consume, infoWhen, append }) => {
      const apple = jsonEventOf('pfa0', {}, 'Apple');
      await append('pfa-1', [apple, jsonEventOf('pfa1', {}, 'Banana')]);
      await append('pfb-1', [jsonEventOf('pfb0', {}, 'Apple')]);
      await append('pfA-1', [jsonEventOf('pfc0', {}, 'apple')]);
      for (const [step, filter] of Object.entries(FILTERS)) {
        const group = `pf ${step}`;
        const roomy = { historyBufferSize: 100_000 };
        const created = await create(ALL, group, 'start', roomy, { filter });
        say(step, created);
        if (created !== 'ok') continue;
        await infoWhen(ALL, group, ({ status }) => status === 'Live');
        const consumer = await consume(ALL, group, 100_000);
        await consumer.settle(400);
        const lines = consumer.messages.slice(1).map((message) => delivery(message));
        say(
          `${step}: delivered`,
          lines.filter((line) => String(line).includes('@pf')),
        );
        consumer.cancel();
        await remove(ALL, group);
      }
    },
  });
