// The ledgers of a bench: opened over HTTP like everybody's, and read back from the log alone.
import { decode } from '../src/event-store/codec.js';
import { type EventStore } from '../src/event-store/event-store.js';
import { ledgerStream } from '../src/event-store/stream-names.js';
import { type LoadResult } from './load/task.js';
import { ACCOUNTS } from './scenario.js';

export const HOT_ADDRESS = 'hot';
export const ADDRESSES = Array.from({ length: ACCOUNTS }, (_, index) => `accounts:${index}`);

export interface Api {
  readonly apiUrl: string;
  readonly token: string;
}

/** With accounts that may go below zero, so that no transfer is refused. */
export async function openBooks(api: Api, ledger: string): Promise<void> {
  await post(api, '/v1/ledgers', { id: ledger, name: ledger });
  const open = (address: string) =>
    post(api, `/v1/ledgers/${ledger}/accounts`, {
      address,
      type: 'asset',
      currency: 'EUR',
      overdraftLimit: null,
    });
  await Promise.all([HOT_ADDRESS, ...ADDRESSES].map(open));
}

async function post({ apiUrl, token }: Api, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(apiUrl + path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${text}`);
}

/**
 * What is wrong with a ledger after its load, in words: every acknowledged transfer must be in the log, once
 * and where the answer said, and no other one.
 */
export async function problemsOf(
  store: EventStore,
  ledger: string,
  { acknowledged, failures }: LoadResult,
): Promise<string[]> {
  const missing = new Map(acknowledged);
  const problems = Object.entries(failures).map(([what, count]) => `${count} answers: ${what}`);
  if (missing.size < acknowledged.length) problems.push('an id was acknowledged twice');
  for await (const stored of store.readStream(ledgerStream(ledger), { from: 0 })) {
    const { event, revision } = decode(stored);
    if (event.type !== 'TransferPosted') continue;
    const { id } = event.data;
    if (missing.get(id) !== revision) problems.push(`${id} is at ${revision}, unacknowledged`);
    missing.delete(id);
  }
  if (missing.size > 0) problems.push(`${missing.size} acknowledged transfers are not in the log`);
  return problems;
}
