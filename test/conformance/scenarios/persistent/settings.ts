// Settings of groups: what is taken, refused, shown, and changed by an update.
import { pick, shownInfo, type InfoField } from '../../wire/group-replies.js';
import {
  ALL,
  DEFAULTS,
  deprecated,
  prefixFilter,
  type Settings,
} from '../../wire/group-requests.js';
import { jsonEventsOf } from '../../wire/ids.js';
import { present } from '../../wire/read-reply.js';
import { type Subject } from '../../scenario.js';
import { groupScenarios, HANGS } from './groups.js';

const SHOWN = [
  'resolveLinkTos',
  'messageTimeoutMilliseconds',
  'extraStatistics',
  'maxRetryCount',
  'liveBufferSize',
  'bufferSize',
  'readBatchSize',
  'checkPointAfterMilliseconds',
  'minCheckPointCount',
  'maxCheckPointCount',
  'namedConsumerStrategy',
  'maxSubscriberCount',
] as const satisfies InfoField[];

const nothingSet: Settings = Object.fromEntries(
  Object.keys(DEFAULTS).map((name) => [name, undefined]),
);

const CASES: Record<string, Settings> = {
  defaults: {},
  'nothing set': nothingSet,
  'history buffer and read batch only': {
    ...nothingSet,
    historyBufferSize: 2,
    readBatchSize: 1,
  },
  'message timeout 0': { messageTimeoutMs: 0 },
  'message timeout -1': { messageTimeoutMs: -1 },
  'message timeout unset': { messageTimeoutMs: undefined },
  'message timeout in ticks': { messageTimeoutMs: undefined, messageTimeoutTicks: '12345678' },
  'message timeout largest': { messageTimeoutMs: 2147483647 },
  'checkpoint after 0': { checkpointAfterMs: 0 },
  'checkpoint after -1': { checkpointAfterMs: -1 },
  'checkpoint after in ticks': { checkpointAfterMs: undefined, checkpointAfterTicks: '15000000' },
  'max retry 0': { maxRetryCount: 0 },
  'max retry -1': { maxRetryCount: -1 },
  'min checkpoint 0': { minCheckpointCount: 0 },
  'min checkpoint -1': { minCheckpointCount: -1 },
  'min checkpoint above max': { minCheckpointCount: 50, maxCheckpointCount: 10 },
  'max checkpoint 0': { maxCheckpointCount: 0 },
  'max checkpoint -1': { maxCheckpointCount: -1 },
  'subscribers 3': { maxSubscriberCount: 3 },
  'subscribers -1': { maxSubscriberCount: -1 },
  'live buffer 0': { liveBufferSize: 0 },
  'live buffer -1': { liveBufferSize: -1 },
  'read batch 0': { readBatchSize: 0 },
  'read batch -1': { readBatchSize: -1 },
  'read batch = history buffer': { readBatchSize: 20, historyBufferSize: 20 },
  'read batch below history buffer': { readBatchSize: 19, historyBufferSize: 20 },
  'read batch above history buffer': { readBatchSize: 21, historyBufferSize: 20 },
  'history buffer 0': { historyBufferSize: 0 },
  'history buffer -1': { historyBufferSize: -1 },
  'history buffer 0, read batch -1': { historyBufferSize: 0, readBatchSize: -1 },
  'read batch 10000': { readBatchSize: 10000, historyBufferSize: 20000 },
  'extra statistics': { extraStatistics: true },
  'resolve links': { resolveLinks: true },
  'strategy 0': { namedConsumerStrategy: 0 },
  'strategy 2': { namedConsumerStrategy: 2 },
  'strategy 3': { namedConsumerStrategy: 3 },
  'strategy RoundRobin': { consumerStrategy: 'RoundRobin' },
  'strategy DispatchToSingle': { consumerStrategy: 'DispatchToSingle' },
  'strategy Pinned': { consumerStrategy: 'Pinned' },
  'strategy PinnedByCorrelation': { consumerStrategy: 'PinnedByCorrelation' },
  'strategy roundrobin': { consumerStrategy: 'roundrobin' },
  'strategy empty with enum 2': { consumerStrategy: '', namedConsumerStrategy: 2 },
  'strategy Pinned with enum 0': { consumerStrategy: 'Pinned', namedConsumerStrategy: 0 },
  'strategy ü': { consumerStrategy: 'ü' },
};

const EVERYTHING = {
  maxRetryCount: 1,
  minCheckpointCount: 2,
  maxCheckpointCount: 3,
  maxSubscriberCount: 4,
  liveBufferSize: 5,
  readBatchSize: 6,
  historyBufferSize: 7,
  messageTimeoutMs: 8,
  checkpointAfterMs: 9,
  namedConsumerStrategy: 2,
  resolveLinks: true,
  extraStatistics: true,
};

export const groupSettings: Subject = (server) =>
  groupScenarios(server, {
    'create settings': async (say, { create, info, infoWhen, append }) => {
      const stream = 'ps';
      await append(stream, jsonEventsOf('ps', 3));
      // The first reply in full, then only what differs from it.
      let usual: Record<string, unknown> = {};
      for (const [group, over] of Object.entries(CASES)) {
        const created = await create(stream, group, 'start', over);
        if (created !== 'ok') {
          say(group, created);
          continue;
        }
        const shown = pick(await info(stream, group), ...SHOWN) as Record<string, unknown>;
        const differs = ([name, value]: [string, unknown]) => value !== usual[name];
        say(group, Object.fromEntries(Object.entries(shown).filter(differs)));
        if (group === 'defaults') usual = shown;
      }
      // A group whose buffers cannot be made never becomes ready.
      const unready = await info(stream, 'live buffer -1');
      say('status with live buffer -1', pick(unready, 'status'));
      await infoWhen(stream, 'defaults', ({ status }) => status === 'Live');
      for (const group of ['live buffer 0', 'read batch 0', 'read batch -1']) {
        const told = await info(stream, group);
        say(`status with ${group}`, pick(told, 'status', 'readBufferCount'));
      }
      const unknown = { consumerStrategy: 'nope' };
      say('unknown strategy and bad start', await create(stream, 'two', -7, unknown));
      const again = (over: Settings) => create(stream, 'defaults', 'start', over);
      say('exists and unknown strategy', await again(unknown));
      say('exists and read batch too large', await again({ readBatchSize: 500 }));
    },

    update: async (say, { create, update, info, infoOf, infoWhen, eventsIn, append }) => {
      const stream = 'pu';
      await append(stream, jsonEventsOf('pu', 3));
      await create(stream, 'g', 'start');
      say('missing group', await update(stream, 'nope'));
      say('missing stream', await update('pu-none', 'g'));
      say('missing and unknown start', await update(stream, 'nope', -7));
      say('empty stream name', await update('', 'g', 'start', {}, HANGS));
      say('$all by name', await update('$all', 'g'));
      say('no start', await update(stream, 'g', 'unset'));
      say('no settings', await update(stream, 'g', 'start', {}, { noSettings: true }));
      say('no options', await update(stream, 'g', 'start', {}, { noOptions: true }));
      say('revision -5', await update(stream, 'g', -5));
      say('strategy 3', await update(stream, 'g', 'start', { namedConsumerStrategy: 3 }));
      const tooLarge = { readBatchSize: 500 };
      say('read batch = history buffer', await update(stream, 'g', 'start', tooLarge));
      const still = await infoWhen(stream, 'g', ({ status }) => status === 'Live');
      say('after these, still', shownInfo(present(still, 'info')));
      say('everything', await update(stream, 'g', 2, EVERYTHING));
      const shown = async () => pick(await info(stream, 'g'), 'startFrom', ...SHOWN);
      say('everything: shown', await shown());
      say('deprecated', await update(stream, 'g', deprecated(stream, 1)));
      say('deprecated: shown', await shown());
      const startFrom = async (group = 'g', source: string | typeof ALL = stream) =>
        (await infoOf(source, group)).startFrom;
      const toEnd = await update(stream, 'g', deprecated(stream, -1));
      say('deprecated end', [toEnd, await startFrom()]);
      say('end', [await update(stream, 'g', 'end'), await startFrom()]);
      await create(ALL, 'pu-all', 'end', {}, { filter: prefixFilter('pu-') });
      say('$all missing group', await update(ALL, 'pu-nope'));
      say('$all no start', await update(ALL, 'pu-all', 'unset'));
      say('$all prepare above commit', await update(ALL, 'pu-all', [5, 6]));
      say('$all beyond the end', await update(ALL, 'pu-all', [2 ** 52, 2 ** 52]));
      say('$all negative', await update(ALL, 'pu-all', [-1, 0]));
      const fromStart = await update(ALL, 'pu-all', 'start', { maxRetryCount: 5 });
      say('$all from start', [fromStart, await startFrom('pu-all', ALL)]);
      const last = present((await eventsIn('$persistentSubscriptionConfig')).at(-1), 'event');
      const { entries } = JSON.parse(last.data) as { entries: { group: string }[] };
      say(
        '$all keeps its filter',
        entries.filter(({ group }) => group === 'pu-all'),
      );
    },
  });
