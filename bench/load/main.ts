// The load, in a process of its own, so that it does not wait for the bench or the other way round.
// Gets one LoadTask over IPC, answers with one LoadResult, and ends.
import { Agent, request } from 'node:http';
import { type LoadResult, type LoadTask } from './task.js';

const REQUEST_TIMEOUT_MS = 60_000;
const CREATED = 201;

/** Coprime to numbers of accounts that are powers of ten, so that credits visit all of them too. */
const STRIDE = 7;

interface Answer {
  readonly status: number;
  readonly body: string;
}

process.once('message', (task: LoadTask) => {
  void load(task).then((result) => process.send?.(result, () => process.disconnect()));
});

async function load(task: LoadTask): Promise<LoadResult> {
  const acknowledged: [string, number][] = [];
  const failures: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + task.seconds * 1_000;
  let sent = 0;
  const client = async (number: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const apiUrl = task.apiUrls[number % task.apiUrls.length] ?? '';
    while (performance.now() < endsAt) {
      const transfer = transferOf(task, (sent += 1));
      const sentAt = performance.now();
      const answer = await post(agent, `${apiUrl}/v1/ledgers/${task.ledger}/transfers`, {
        token: task.token,
        body: JSON.stringify(transfer),
      }).catch((error: Error) => ({ status: 0, body: error.message }));
      latenciesMs.push(performance.now() - sentAt);
      if (answer.status === CREATED) acknowledged.push([transfer.id, revisionIn(answer)]);
      else failures[reasonIn(answer)] = (failures[reasonIn(answer)] ?? 0) + 1;
    }
    agent.destroy();
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: task.clients }, (_, number) => client(number)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return {
    acknowledged,
    failures,
    seconds,
    latencyMs: { p50: quantile(latenciesMs, 0.5), p99: quantile(latenciesMs, 0.99) },
    cores: (user + system) / 1e6 / seconds,
  };
}

function transferOf(task: LoadTask, number: number) {
  const [debit, credit] = sidesOf(task, number);
  return { id: `transfer-${number}`, debit, credit, amount: '1.00', currency: 'EUR' };
}

/** Two different accounts; the hot one is debited and credited in turn. */
function sidesOf({ addresses, hotAddress }: LoadTask, number: number): [string, string] {
  const address = (index: number) => addresses[index % addresses.length] ?? '';
  if (hotAddress === undefined) return [address(number), address(STRIDE * number + 1)];
  return number % 2 ? [hotAddress, address(number)] : [address(number), hotAddress];
}

function post(agent: Agent, url: string, what: { token: string; body: string }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(what.body),
      authorization: `Bearer ${what.token}`,
    };
    const options = { agent, method: 'POST', headers, timeout: REQUEST_TIMEOUT_MS };
    const sending = request(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    sending.on('timeout', () => sending.destroy(new Error('no answer in time')));
    sending.on('error', reject);
    sending.end(what.body);
  });
}

function revisionIn({ body }: Answer): number {
  return (JSON.parse(body) as { data: { revision: number } }).data.revision;
}

function reasonIn({ status, body }: Answer): string {
  const code = /"code":"(\w+)"/.exec(body)?.[1] ?? body;
  return status === 0 ? body : `${status} ${code}`;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
}
