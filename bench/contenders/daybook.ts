// Daybook itself, as it is shipped: API processes and a projector, on the event node and the Postgres.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool } from 'pg';
import { type EventStore } from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { type BenchProcess } from '../bench-process.js';
import { addressAt } from '../load/account-choice.js';
import { type BenchStores } from '../stores.js';
import { type Contender } from './contender.js';
import { bookedInLog, openInLog } from './daybook-log.js';
import { bytesIn, databaseBytes } from './disk.js';

const POLL_MS = 20;
const BUSY = 503;

export interface DaybookOptions {
  readonly name: string;
  /** API processes. */
  readonly processes: number;
  /** Makes the read models; without one nothing is asked of them. */
  readonly projector: BenchProcess | undefined;
  readonly store: EventStore;
  readonly pool: Pool;
  /** That each ledger has before it is measured. */
  readonly transfersBefore?: number;
}

/** Throws with the reason of a process that does not start. */
export async function startDaybook(
  stores: BenchStores,
  { name, processes, projector, store, pool, transfersBefore = 0 }: DaybookOptions,
): Promise<Contender> {
  const apis = await Promise.all(Array.from({ length: processes }, () => stores.startApi()));
  const settled = async (ledgers: readonly string[]) => {
    if (projector === undefined) return;
    for (const ledger of ledgers) await caughtUp(ledger, store, pool);
  };
  return {
    name,
    urls: apis.map(({ url }) => url),
    token: stores.token,
    processes: {
      ...Object.fromEntries(apis.map(({ pid }, n) => [n === 0 ? 'api' : `api ${n + 1}`, pid])),
      ...(projector && { projector: projector.pid }),
      'event node': stores.eventNode.pid,
      postgres: stores.postgres.pid,
    },
    open: async (books) => {
      for (const ledger of books.ledgers) await openInLog(store, ledger, books, transfersBefore);
      await settled(books.ledgers);
      for (const ledger of books.ledgers) {
        for (const { url } of apis) await loaded(`${url}/v1/ledgers/${ledger}`, stores.token);
      }
    },
    settled,
    booked: (ledger) => bookedInLog(store, ledger),
    balances: async (ledger) => (projector ? balancesIn(pool, ledger) : undefined),
    bytes: async () => ({
      log: bytesIn(join(stores.folder, 'eventstore')),
      postgres: await databaseBytes(pool),
    }),
    close: async () => {
      await Promise.all(apis.map((api) => api.stop()));
    },
  };
}

/** Until the write side of a process has the ledger in memory, as it has any that is in use. */
async function loaded(ledgerUrl: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'daybook-consistency': 'strong' };
  for (;;) {
    const answer = await fetch(`${ledgerUrl}/accounts/${addressAt(0)}`, { headers });
    const text = await answer.text();
    if (answer.ok) return;
    if (answer.status !== BUSY) throw new Error(`${ledgerUrl} answered ${answer.status} ${text}`);
  }
}

/** Until the read models hold all of the ledger's stream. */
async function caughtUp(ledger: string, store: EventStore, pool: Pool): Promise<void> {
  let last = -1;
  const newest = { from: 'end', direction: 'backwards', limit: 1 } as const;
  for await (const { revision } of store.readStream(ledgerStream(ledger), newest)) last = revision;
  for (;;) {
    const { rows } = await pool.query<{ revision: string }>(
      'SELECT revision FROM reporting.ledger WHERE ledger = $1',
      [ledger],
    );
    if (Number(rows[0]?.revision ?? -1) >= last) return;
    await delay(POLL_MS);
  }
}

async function balancesIn(pool: Pool, ledger: string): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ address: string; cents: string }>(
    'SELECT address, (balance * 100)::bigint AS cents FROM reporting.account WHERE ledger = $1',
    [ledger],
  );
  return new Map(rows.map(({ address, cents }) => [address, BigInt(cents)]));
}
