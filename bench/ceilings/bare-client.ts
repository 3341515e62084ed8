// What the official client does by itself, with events like those of a transfer: nothing is decided and
// nothing is done with what is read.
import { randomUUID } from 'node:crypto';
import { ANY, EventStoreDBClient, START, jsonEvent, streamNameFilter } from '@eventstore/db-client';
import { percentile } from '../report.js';
import { LEDGER_STREAM_PREFIX } from '../../src/event-store/stream-names.js';
import { type CeilingRun } from './ceiling.js';

/** As long as those of a transfer between two accounts. */
const TRANSFER = {
  id: 'transfer-1000000',
  legs: [
    {
      debit: 'customers:0000001:wallet',
      credit: 'customers:0000002:wallet',
      amount: '12.25',
      currency: 'EUR',
    },
  ],
  effectiveAt: '2026-01-15T09:30:00.000Z',
  recordedAt: '2026-01-15T09:30:00.000Z',
  reference: null,
  description: null,
  metadata: {},
  balances: ['customers:0000001:wallet', 'customers:0000002:wallet'].map((account) => ({
    ...{ account, currency: 'EUR', version: 1_000, balance: '1012.25', available: '1012.25' },
  })),
};
const METADATA = {
  ...{ schemaVersion: 1, actor: 'bench', clientAddress: '127.0.0.1', writer: randomUUID() },
  ...{ requestId: randomUUID(), $correlationId: randomUUID(), $causationId: randomUUID() },
  ...{ previousHash: 'a'.repeat(64), hash: 'b'.repeat(64) },
};

/** Appends so many events at once, one append after the other. */
export async function measureAppends(
  eventStoreUrl: string,
  { events, seconds }: { events: number; seconds: number },
): Promise<CeilingRun> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const stream = `bench-${randomUUID()}`;
  const latenciesMs: number[] = [];
  const event = () => jsonEvent({ type: 'TransferPosted', data: TRANSFER, metadata: METADATA });
  const append = () =>
    client.appendToStream(stream, Array.from({ length: events }, event), { expectedRevision: ANY });
  await append();
  const startedAt = performance.now();
  let at = startedAt;
  while (at - startedAt < seconds * 1_000) {
    await append();
    const now = performance.now();
    latenciesMs.push(now - at);
    at = now;
  }
  await client.dispose();
  return {
    perSecond: (latenciesMs.length * events * 1_000) / (at - startedAt),
    latencyMs: { p50: percentile(latenciesMs, 50), p99: percentile(latenciesMs, 99) },
  };
}

/** Reads `$all` from its beginning, for so long or to its end. */
export async function measureReads(eventStoreUrl: string, seconds: number): Promise<CeilingRun> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const startedAt = performance.now();
  let events = 0;
  const reading = client.readAll({ fromPosition: START });
  reading.on('data', () => {
    events += 1;
    if (performance.now() - startedAt > seconds * 1_000) reading.destroy();
  });
  await new Promise((resolve, reject) => {
    reading.once('close', resolve);
    reading.once('error', reject);
  });
  const perSecond = (events * 1_000) / (performance.now() - startedAt);
  await client.dispose();
  return { perSecond };
}
/** Reads every event of every ledger, and does nothing with it. Resolves to how long that takes. */
export async function readBare(eventStoreUrl: string): Promise<{ events: number; ms: number }> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const startedAt = performance.now();
  const subscription = client.subscribeToAll({
    fromPosition: START,
    filter: streamNameFilter({ prefixes: [LEDGER_STREAM_PREFIX] }),
  });
  let events = 0;
  const isRead = new Promise<void>((resolve, reject) => {
    subscription.on('data', () => {
      events += 1;
    });
    subscription.on('caughtUp', resolve);
    subscription.on('error', reject);
  });
  await isRead;
  const ms = performance.now() - startedAt;
  await subscription.unsubscribe();
  await client.dispose();
  return { events, ms };
}
