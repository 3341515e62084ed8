// Persistent subscriptions through the official client.
import {
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as settingsToAll,
  persistentSubscriptionToStreamSettingsFromDefaults as settings,
  RETRY,
  SKIP,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { allOf, attempt, errorOf, isError, outcome } from '../../wire/client-results.js';
import { jsonEventsOf } from '../../wire/ids.js';
import { sleep, within } from '../../wire/waiting.js';
import { type Subject } from '../../scenario.js';
import { UNARY } from '../streams.js';

export const groupsThroughTheClient: Subject = ({ client }) => ({
  'persistent: management': async (say) => {
    const stream = 'pm';
    await client.appendToStream(stream, jsonEventsOf('pm', 3), UNARY);
    const call = async (step: string, promise: () => Promise<unknown>) =>
      say(step, await outcome(promise));
    const create = (to: string, group: string, more: Partial<ReturnType<typeof settings>> = {}) =>
      client.createPersistentSubscriptionToStream(to, group, settings(more));
    const update = (group: string, more: Partial<ReturnType<typeof settings>> = {}) =>
      client.updatePersistentSubscriptionToStream(stream, group, settings(more));
    await call('create', () => create(stream, 'g1', { startFrom: START }));
    await call('create again', () => create(stream, 'g1'));
    await call('update', () => update('g1', { maxRetryCount: 3 }));
    await call('update missing', () => update('nope'));
    const remove = (group: string) => client.deletePersistentSubscriptionToStream(stream, group);
    await call('delete missing', () => remove('nope'));
    const info = (group: string) => client.getPersistentSubscriptionToStreamInfo(stream, group);
    await call('info missing', () => info('nope'));
    await call('create on missing stream', () => create('pm-none', 'g'));
    const filter = streamNameFilter({ prefixes: ['pm'] });
    const toAll = settingsToAll({ startFrom: START });
    const createToAll = () => client.createPersistentSubscriptionToAll('ga', toAll, { filter });
    await call('create all', createToAll);
    const tooMuch = { readBatchSize: 500, historyBufferSize: 500 };
    await call('read batch >= history buffer', () => create(stream, 'bad', tooMuch));
    const told = await attempt(() => info('g1'));
    say('info', isError(told) ? told : shown(told));
    const list = await attempt(() => client.listAllPersistentSubscriptions());
    say(
      'list',
      isError(list)
        ? list
        : list
            .map(({ eventSource, groupName }) => `${eventSource}::${groupName}`)
            .filter((name) => /pm|ga/.test(name))
            .sort(),
    );
    await call('delete', () => remove('g1'));
    const listOfNone = () => client.listPersistentSubscriptionsToStream('pm-zero');
    await call('list for stream without groups', listOfNone);
  },

  'persistent: consuming': async (say) => {
    const stream = 'pc';
    await client.appendToStream(stream, jsonEventsOf('pc', 5), UNARY);
    const retryTwice = settings({ startFrom: START, maxRetryCount: 2 });
    await client.createPersistentSubscriptionToStream(stream, 'g', retryTwice);
    const got: unknown[] = [];
    const consumer = client.subscribeToPersistentSubscriptionToStream(stream, 'g');
    consumer.on('error', (error) => got.push(errorOf(error)));
    consumer.on('data', (resolved) => {
      const { n } = resolved.event?.data as { n: string };
      got.push(`${n} retry ${resolved.retryCount}`);
      if (n === 'pc1') void consumer.nack(PARK, 'no', resolved);
      else if (n === 'pc2') void consumer.nack(RETRY, 'again', resolved);
      else if (n === 'pc3') void consumer.nack(SKIP, 'skip', resolved);
      else void consumer.ack(resolved);
    });
    await sleep(4000);
    say('deliveries', [...got].sort());
    const { stats } = await client.getPersistentSubscriptionToStreamInfo(stream, 'g');
    say('parked', Number(stats.parkedMessageCount));
    const text = (data: unknown) =>
      Buffer.from((data as { base64: string }).base64, 'base64').toString();
    const parked = await allOf(client.readStream('$persistentsubscription-pc::g-parked'));
    say(
      'parked stream',
      parked.map((read) => {
        if (!read.event) return read;
        const { rev, type, data } = read.event;
        return { rev, type, data: text(data) };
      }),
    );
    got.length = 0;
    await client.replayParkedMessagesToStream(stream, 'g');
    await sleep(3000);
    say('after replay', [...got].sort());
    await consumer.unsubscribe();
    const missing = client.subscribeToPersistentSubscriptionToStream(stream, 'nope');
    const error = new Promise((resolve) => {
      missing.on('error', (thrown) => resolve(errorOf(thrown)));
    });
    say('subscribe missing', await within(error, 3000, { error: 'TIMEOUT no error' }));
  },
});

interface Told {
  eventSource: string;
  groupName: string;
  status: string;
  settings: { startFrom: unknown };
}

const shown = ({ eventSource, groupName, status, settings }: Told) => ({
  eventSource,
  group: groupName,
  status,
  settings: { ...settings, startFrom: String(settings.startFrom) },
});
