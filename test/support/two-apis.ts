// Two API processes on one log, which can be restarted, and what tests of transfers ask of them.
import { type AccountSnapshot } from '../../src/domain/ledger/account-snapshot.js';
import { type ServiceConfig } from '../../src/platform/config.js';
import { type Client, type Reply, type TestApi, clientFor, startTestApi } from './api.js';
import { type TestEventStore, startTestEventStore } from './stores.js';

export interface TwoApis {
  /** Clients of the one and of the other; they stay good after a restart. */
  readonly ask: Client;
  readonly other: Client;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTwoApis(settings: Partial<ServiceConfig>): Promise<TwoApis> {
  let apis: TestApi[] = [];
  const start = async () => {
    apis = await Promise.all([startTestApi(settings), startTestApi(settings)]);
  };
  const stop = async () => {
    await Promise.all(apis.map((api) => api.stop()));
  };
  const client =
    (index: number): Client =>
    (method, path, options) =>
      clientFor(apis[index]?.url ?? '')(method, path, options);
  await start();
  const restart = async () => {
    await stop();
    await start();
  };
  return { ask: client(0), other: client(1), restart, stop };
}

/** Two API processes on a log of their own, for all tests of the file that asks for them. */
export function twoApisOnOneLog(): Omit<TwoApis, 'stop'> {
  let events: TestEventStore;
  let apis: TwoApis;
  beforeAll(async () => {
    events = await startTestEventStore();
    apis = await startTwoApis({ eventStoreUrl: events.url });
  }, 60_000);
  afterAll(async () => {
    await apis.stop();
    await events.remove();
  }, 60_000);
  return {
    ask: (...request) => apis.ask(...request),
    other: (...request) => apis.other(...request),
    restart: () => apis.restart(),
  };
}

/** `201`, or `422 INSUFFICIENT_FUNDS`. */
export function outcomeOf({
  status,
  error,
}: Pick<Reply<unknown>, 'status'> & { error?: { code: string } }) {
  return error === undefined ? String(status) : `${status} ${error.code}`;
}

/** `400 INVALID_TRANSFER: amount`: with the fields that have to change, or that differ. */
export function differenceOf(reply: Reply<unknown>): string {
  return `${outcomeOf(reply)}: ${reply.error.details.fields?.map(({ field }) => field).join()}`;
}

/** What a repeated request has to answer again, to the byte: all but the request's own id and time. */
export function answered({ status, text }: Reply<unknown>): string {
  return `${status} ${text.slice(0, text.lastIndexOf(',"meta":'))}`;
}

export function isReplayed({ headers }: Reply<unknown>): boolean {
  return headers.get('idempotency-replayed') === 'true';
}

/** A ledger with `world`, `alice`, who has 100.00, `bob` and `fees`, all in euros. */
export async function openShop(ask: Client, ledger: string, rules: object = {}) {
  await ask('POST', '/v1/ledgers', { body: { id: ledger, name: 'Shop', ...rules } });
  const accounts = [
    { address: 'world', type: 'asset', overdraftLimit: null },
    { address: 'alice', type: 'liability' },
    { address: 'bob', type: 'liability' },
    { address: 'fees', type: 'income' },
  ];
  for (const account of accounts) {
    await ask('POST', `/v1/ledgers/${ledger}/accounts`, { body: { currency: 'EUR', ...account } });
  }
  await ask('POST', `/v1/ledgers/${ledger}/transfers`, {
    body: { id: 'opening', debit: 'world', credit: 'alice', amount: '100', currency: 'EUR' },
  });
}

/** `100.00 posted, 40.00 available, holds 60.00 / 0.00`: as the write side has the account. */
export async function moneyOf(ask: Client, ledger: string, address: string): Promise<string> {
  const { data } = await ask<AccountSnapshot>('GET', `/v1/ledgers/${ledger}/accounts/${address}`, {
    headers: { 'daybook-consistency': 'strong' },
  });
  const { balance, available, pending } = data;
  return `${balance} posted, ${available} available, holds ${pending.debits} / ${pending.credits}`;
}
