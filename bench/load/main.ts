// The load, in a process of its own, so that it does not wait for the bench or the other way round.
// Gets one LoadTask over IPC, tells when it begins and has ended, answers with a LoadResult, and ends.
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../report.js';
import { type Answer, HttpConnection } from './http-connection.js';
import { type Operation, operationsOf } from './operations.js';
import { type Answered, tallyOf } from './tally.js';
import { type LoadMessage, type LoadResult, type LoadTask } from './task.js';

const OK = 200;
const CREATED = 201;

process.once('message', (task: LoadTask) => {
  void load(task).then((result) => {
    process.send?.({ type: 'result', result } satisfies LoadMessage, () => process.disconnect());
  });
});

function tell(message: LoadMessage): void {
  process.send?.(message);
}

async function load(task: LoadTask): Promise<LoadResult> {
  const open = (_: unknown, n: number) =>
    HttpConnection.open(task.urls[n % task.urls.length] ?? '');
  const connections = await Promise.all(Array.from({ length: task.connections }, open));
  const next = operationsOf(task);
  const answers: Answered[] = [];
  const latenciesMs: number[] = [];
  tell({ type: 'begins' });
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + task.seconds * 1_000;
  const pace = paceOf(task, startedAt);
  const client = async (connection: HttpConnection, number: number) => {
    while (performance.now() < endsAt) {
      await pace();
      const operation = next(number);
      const sentAt = performance.now();
      const answer = await answerTo(connection, operation);
      latenciesMs.push(performance.now() - sentAt);
      answers.push({ connection: number, answer });
      // A broken connection answers nothing any more.
      if (answer.status === 0) return;
    }
  };
  await Promise.all(connections.map(client));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(before);
  tell({ type: 'ended' });
  for (const connection of connections) connection.close();
  return {
    ...tallyOf(task, answers),
    operations: answers.length,
    seconds,
    latencyMs: { p50: percentile(latenciesMs, 50), p99: percentile(latenciesMs, 99) },
    cores: (user + system) / 1e6 / seconds,
  };
}

/** Waits until the next operation is due. */
function paceOf({ rate }: LoadTask, startedAt: number): () => Promise<void> {
  if (rate === undefined) return () => Promise.resolve();
  let sent = 0;
  return async () => {
    const dueAt = startedAt + (sent * 1_000) / rate;
    sent += 1;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await delay(waitMs);
  };
}

/** That of the last request; of the first one that is not answered well, if there is one. */
async function answerTo(connection: HttpConnection, operation: Operation): Promise<Answer> {
  let answer: Answer = { status: 0, body: Buffer.from('nothing was sent') };
  for (const request of operation) {
    answer = await connection
      .send(request)
      .catch((error: Error) => ({ status: 0, body: Buffer.from(error.message) }));
    if (answer.status !== OK && answer.status !== CREATED) break;
  }
  return answer;
}
