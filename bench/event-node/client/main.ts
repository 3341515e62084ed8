// The official client, in a process of its own: its argument is the URL of the node. Gets Tasks over
// IPC, one at a time, and answers each with a TaskResult.
import { EventStoreDBClient } from '@eventstore/db-client';
import { append } from './append.js';
import { drainAll } from './drain-all.js';
import { live } from './live.js';
import { oneAtATime } from './one-at-a-time.js';
import { readAll } from './read-all.js';
import { type ClientFailed, type Done, type Task, type TaskResult } from './task.js';

const MICROSECONDS_PER_MS = 1_000;

const url = process.argv[2] ?? '';
const batching = EventStoreDBClient.connectionString(url);
const unary = EventStoreDBClient.connectionString(url);
// As Daybook does: without it the client picks its batch append.
Reflect.set(unary, 'supports', () => Promise.resolve(false));

process.on('message', (task: Task) => {
  measured(task).then(answer, (error: unknown) => answer({ failed: String(error) }));
});

function answer(message: TaskResult | ClientFailed): void {
  process.send?.(message);
}

async function measured(task: Task): Promise<TaskResult> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { events, timesMs = {} } = await run(task);
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    events,
    seconds: (performance.now() - startedAt) / 1_000,
    cpuMs: (user + system) / MICROSECONDS_PER_MS,
    timesMs,
  };
}

function run(task: Task): Promise<Done> {
  switch (task.kind) {
    case 'append':
      return append(task.path === 'unary' ? unary : batching, task);
    case 'read all':
      return readAll(unary, task);
    case 'one at a time':
      return oneAtATime(unary, url, task);
    case 'live':
      return live(unary, task);
    case 'drain all':
      return drainAll(url);
  }
}
