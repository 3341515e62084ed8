// Questions at a fixed rate while something else is going on: none may fail, none may tell of a place in
// the log before one that was told already.
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LEDGER, accountAt, timeAt } from './history.js';

const SHARES = 1_000_000;

export interface Asked {
  readonly questions: number;
  /** What went wrong, and how often. */
  readonly failures: Readonly<Record<string, number>>;
  /** By question, in milliseconds. */
  readonly latencies: ReadonlyMap<string, readonly number[]>;
}

interface Place {
  readonly url: string;
  readonly token: string;
  readonly accounts: number;
}

const QUESTIONS: Readonly<Record<string, (address: string, time: string) => string>> = {
  account: (address) => `accounts/${address}`,
  'balance at two times': (address, time) =>
    `accounts/${address}?at=${time}&knownAt=${timeAt(randomInt(SHARES) / SHARES)}`,
  'page of a statement': (address, time) =>
    `accounts/${address}/statement?from=${time}&to=${timeAt(1)}&limit=50`,
  'page of entries': (address) => `accounts/${address}/entries?limit=50`,
};

/** Asks each of the questions in turn, `rate` a second in all, until the signal. */
export async function askUntil(place: Place, rate: number, signal: AbortSignal): Promise<Asked> {
  const failures: Record<string, number> = {};
  const names = Object.keys(QUESTIONS);
  const latencies = new Map(names.map((name): [string, number[]] => [name, []]));
  const underWay = new Set<Promise<void>>();
  let seen = 0n;
  let questions = 0;
  const ask = async (name: string) => {
    // Every other question is about the account with the most entries.
    const address = accountAt(questions % 2 === 0 ? 0 : randomInt(place.accounts));
    const path = QUESTIONS[name]?.(address, timeAt(randomInt(SHARES) / SHARES)) ?? '';
    const startedAt = performance.now();
    const before = seen;
    const outcome = await answerOf(place, path);
    latencies.get(name)?.push(performance.now() - startedAt);
    const failure = outcome.failure ?? (outcome.position < before ? 'went back' : undefined);
    if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
    if (outcome.position > seen) seen = outcome.position;
  };
  const startedAt = performance.now();
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - startedAt) * rate) / 1_000);
    for (; questions < due; questions += 1) {
      const asking = ask(names[questions % names.length] ?? '').finally(() => {
        underWay.delete(asking);
      });
      underWay.add(asking);
    }
    await delay(1);
  }
  await Promise.all(underWay);
  return { questions, failures, latencies };
}

async function answerOf(
  { url, token }: Place,
  path: string,
): Promise<{ position: bigint; failure?: string }> {
  try {
    const response = await fetch(`${url}/v1/ledgers/${LEDGER}/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    if (!response.ok) return { position: 0n, failure: `${response.status} ${text}` };
    const { meta } = JSON.parse(text) as { meta: { position: string } };
    return { position: BigInt(meta.position) };
  } catch (error) {
    return { position: 0n, failure: String(error) };
  }
}
