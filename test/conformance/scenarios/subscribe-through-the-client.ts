// Catch-up subscriptions as the official client shows them: its events, in order.
import {
  END,
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type StreamSubscription,
} from '@eventstore/db-client';
import { errorOf } from '../wire/client-results.js';
import { jsonEventOf, jsonEventsOf } from '../wire/ids.js';
import { sleep, waitFor } from '../wire/waiting.js';
import { type Subject } from '../scenario.js';
import { UNARY } from './streams.js';

type Subscription = StreamSubscription | AllStreamSubscription;

export const subscribeThroughTheClient: Subject = ({ client }) => ({
  'subscribe: through the client': async (say) => {
    const stream = 'sz';
    const write = (...labels: string[]) =>
      client.appendToStream(
        stream,
        labels.map((label) => jsonEventOf(label)),
        UNARY,
      );
    await client.appendToStream(stream, jsonEventsOf('sz', 2), UNARY);
    const log: string[] = [];
    const watch = <S extends Subscription>(subscription: S): S => {
      for (const name of ['confirmation', 'caughtUp', 'end', 'close', 'finish'] as const) {
        subscription.on(name, () => void log.push(name));
      }
      subscription.on('error', (error) => log.push(`error ${errorOf(error).error}`));
      subscription.on('data', ({ event, link }) => log.push(String((event ?? link)?.revision)));
      return subscription;
    };
    const heard = (name: string) => waitFor(() => log.includes(name));
    const leave = async (step: string, subscription: Subscription) => {
      await subscription.unsubscribe();
      await heard('close');
      say(step, log.splice(0));
    };
    const toStream = watch(client.subscribeToStream(stream, { fromRevision: START }));
    await heard('caughtUp');
    await write('sz2');
    await heard('2');
    await leave('stream, unsubscribe', toStream);
    const toAll = watch(client.subscribeToAll({ fromPosition: END }));
    await heard('caughtUp');
    await write('sz3');
    await heard('3');
    await leave('$all, unsubscribe', toAll);
    const reached: boolean[] = [];
    const filter = streamNameFilter({
      prefixes: ['no-such-'],
      maxSearchWindow: 2,
      checkpointInterval: 1,
      checkpointReached: (_, { commit, prepare }) => {
        reached.push(commit === prepare);
        return Promise.resolve();
      },
    });
    const checked = watch(client.subscribeToAll({ fromPosition: END, filter }));
    await heard('caughtUp');
    await write('sz4', 'sz5');
    await waitFor(() => reached.length === 1);
    await checked.unsubscribe();
    await heard('close');
    say('filtered, checkpoint reached', { log: log.splice(0), reached });
    const gone = watch(client.subscribeToStream(stream, { fromRevision: START }));
    await heard('caughtUp');
    await client.tombstoneStream(stream);
    await waitFor(() => log.some((line) => line.includes('error')));
    await sleep(500);
    say('tombstoned', log.splice(0));
    gone.destroy();
    await waitFor(() => log.includes('close'), 5000);
    say('tombstoned, then destroyed', log.splice(0));
    const missing = watch(client.subscribeToStream('sz-missing', { fromRevision: 5n }));
    await heard('caughtUp');
    await leave('missing stream, from 5', missing);
  },
});
