// Appends for some seconds; any failure ends the task with it.
import { type EventStoreDBClient } from '@eventstore/db-client';
import { eventAt } from './events.js';
import { type Done, type Task } from './task.js';

type AppendTask = Task & { kind: 'append' };

export async function append(client: EventStoreDBClient, task: AppendTask): Promise<Done> {
  const endsAt = performance.now() + task.seconds * 1_000;
  const { size, inFlight, streams } = { ...task, size: task.events };
  const prefix = `bench-${task.path}-${size}`;
  let sent = 0;
  let appends = 0;
  const writer = async () => {
    while (performance.now() < endsAt) {
      const events = Array.from({ length: size }, (_, n) => eventAt(sent + n));
      sent += size;
      await client.appendToStream(`${prefix}-${(appends += 1) % streams}`, events);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, writer));
  return { events: sent };
}
