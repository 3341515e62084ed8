// Reads the beginning of $all, as the official client's own examples do.
import { type EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import { type Done, type Task } from './task.js';

export async function readAll(
  client: EventStoreDBClient,
  { events: maxCount, seconds }: Task & { kind: 'read all' },
): Promise<Done> {
  const endsAt = performance.now() + seconds * 1_000;
  let events = 0;
  do {
    const reading = client.readAll({ direction: FORWARDS, fromPosition: START, maxCount });
    for await (const { event } of reading) if (event) events += 1;
  } while (performance.now() < endsAt);
  return { events };
}
