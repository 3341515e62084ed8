// The workers of the bank: each asks for one thing after the other over HTTP, and writes down what it asked
// and what it heard. Without a decision it asks again with the same id, mostly elsewhere, until there is
// one; now and then it loses patience, gives up, or asks two processes at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Draws, drawsFrom } from './draws.js';
import { type Answer, type AnswerBody, type JournalEntry } from './journal.js';
import { type CommonMemory, Memory } from './memory.js';
import { type BankRequest } from './requests.js';
import { onTheWire } from './wire.js';
import { nextRequest } from './workload.js';

const TWICE_AT_ONCE_CHANCE = 0.03;
const HANG_UP_CHANCE = 0.02;
const HANG_UP_AFTER_MS_MAX = 40;
const GIVE_UP_CHANCE = 0.05;
/** Far longer than an API process takes to say that it does not know. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = { least: 20, most: 250 };

export interface Bank {
  /** Addresses of the API processes, which may be down. */
  readonly apis: readonly string[];
  readonly token: string;
  /** Written to by all workers, in the order of what happens. */
  readonly journal: JournalEntry[];
}

export interface Worker {
  readonly number: number;
  readonly seed: number;
  readonly common: CommonMemory;
  readonly ending: AbortSignal;
}

/** Works until the signal, and then on until its last request is decided. */
export async function work(bank: Bank, { number, seed, ending, common }: Worker): Promise<void> {
  const memory = new Memory(`w${number}`, common);
  // What is asked for must not depend on how often something had to be asked again.
  const proposing = drawsFrom(seed * 1_000 + number);
  const asking = drawsFrom(seed * 1_000 + number + 500);
  while (!ending.aborted) {
    const request = nextRequest(proposing, memory);
    memory.note(request, await untilDecided(bank, request, asking));
  }
}

/** Asks until there is a decision, which is returned; undefined when it gave up. */
export async function untilDecided(
  bank: Bank,
  request: BankRequest,
  draws: Draws,
): Promise<Answer | undefined> {
  for (;;) {
    const twice = draws.chance(TWICE_AT_ONCE_CHANCE);
    const heard = await Promise.all(
      Array.from({ length: twice ? 2 : 1 }, () => {
        const hangsUp = draws.chance(HANG_UP_CHANCE);
        const patienceMs = hangsUp ? draws.below(HANG_UP_AFTER_MS_MAX) : PATIENCE_MS;
        return ask(bank, request, draws.pick(bank.apis), patienceMs);
      }),
    );
    const decision = heard.find((answer) => answer !== undefined && answer.status < 500);
    if (decision || draws.chance(GIVE_UP_CHANCE)) return decision;
    await sleep(PAUSE_MS.least + draws.below(PAUSE_MS.most - PAUSE_MS.least));
  }
}

let attempts = 0;

/** One attempt, at one of the APIs; undefined when no answer came. */
export async function ask(
  { token, journal }: Bank,
  request: BankRequest,
  url: string,
  patienceMs = PATIENCE_MS,
): Promise<Answer | undefined> {
  attempts += 1;
  const requestId = `attempt-${attempts}`;
  journal.push({ what: 'sent', requestId, request });
  try {
    const answer = await heardFrom(url, request, { requestId, token, patienceMs });
    journal.push({ what: 'answered', requestId, answer });
    return answer;
  } catch (error) {
    journal.push({ what: 'lost', requestId, reason: reasonOf(error) });
    return undefined;
  }
}

async function heardFrom(
  url: string,
  request: BankRequest,
  { requestId, token, patienceMs }: { requestId: string; token: string; patienceMs: number },
): Promise<Answer> {
  const { method, path, body, headers } = onTheWire(request);
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'x-request-id': requestId,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(patienceMs),
  });
  return {
    status: response.status,
    body: JSON.parse(await response.text()) as AnswerBody,
    replayed: response.headers.get('idempotency-replayed') === 'true',
    etag: response.headers.get('etag'),
  };
}

// The client tells what broke a connection as the cause of its error.
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: { readonly code?: string } };
  return cause?.code === undefined ? message : `${message}: ${cause.code}`;
}
