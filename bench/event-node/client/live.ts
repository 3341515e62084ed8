// How long after its acknowledgement an event reaches a live subscription of the same process.
import { type EventStoreDBClient, END, NO_STREAM } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { eventAt } from './events.js';
import { type Done, type Task } from './task.js';

export async function live(
  client: EventStoreDBClient,
  { rounds }: Task & { kind: 'live' },
): Promise<Done> {
  const stream = `bench-live-${randomUUID()}`;
  await client.appendToStream(stream, [eventAt(0)], { expectedRevision: NO_STREAM });
  const subscription = client.subscribeToStream(stream, { fromRevision: END });
  await new Promise<void>((resolve, reject) => {
    subscription.once('caughtUp', resolve);
    subscription.once('error', reject);
  });
  const afterAcknowledgement: number[] = [];
  const afterSending: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const arrived = new Promise<number>((resolve) => {
      subscription.once('data', () => resolve(performance.now()));
    });
    const sentAt = performance.now();
    await client.appendToStream(stream, [eventAt(round)]);
    const acknowledgedAt = performance.now();
    const arrivedAt = await arrived;
    // Below zero when the event overtook the acknowledgement.
    afterAcknowledgement.push(arrivedAt - acknowledgedAt);
    afterSending.push(arrivedAt - sentAt);
  }
  await subscription.unsubscribe();
  const timesMs = {
    'live event after its acknowledgement': afterAcknowledgement,
    'live event after it was sent': afterSending,
  };
  return { events: rounds, timesMs };
}
