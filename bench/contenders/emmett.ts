// A transfer service on an event store for TypeScript that keeps its events in Postgres:
// bench/baseline-emmett.
import { parseAmount } from '../../src/domain/money.js';
import { SCALE } from '../baseline-http/decide.js';
import { SCHEMA } from '../baseline-emmett/balances.js';
import { openEventStore } from '../baseline-emmett/event-store.js';
import {
  type AccountOpened,
  type TransferPosted,
  ledgerStream,
} from '../baseline-emmett/events.js';
import { addressAt } from '../load/account-choice.js';
import { type Baseline } from './baseline.js';
import { type Booked } from './contender.js';

const GROUP_EVENTS_MAX = 1_000;
const CURRENCY = 'EUR';

export const emmett: Baseline = {
  name: 'emmett',
  script: 'baseline-emmett/main.js',
  database: 'baseline_emmett',
  prepare: async ({ pool, databaseUrl }) => {
    await openEventStore(databaseUrl, pool, { migrate: true }).schema.migrate();
    await pool.query(SCHEMA);
  },
  openLedger: async ({ pool, databaseUrl }, ledger, { spread, overdraftLimit }) => {
    const eventStore = openEventStore(databaseUrl, pool, { migrate: false });
    const limit = overdraftLimit === null ? null : String(parseAmount(overdraftLimit, SCALE));
    for (let from = 0; from < spread.accounts; from += GROUP_EVENTS_MAX) {
      const length = Math.min(GROUP_EVENTS_MAX, spread.accounts - from);
      const opened = (_: unknown, n: number): AccountOpened => ({
        type: 'AccountOpened',
        data: {
          ...{ ledger, address: addressAt(from + n), type: 'asset', currency: CURRENCY },
          overdraftLimit: limit,
        },
      });
      await eventStore.appendToStream(ledgerStream(ledger), Array.from({ length }, opened), {
        expectedStreamVersion: BigInt(from),
      });
    }
  },
  booked: async function* (pool, ledger): AsyncIterable<Booked> {
    const { rows } = await pool.query<{ position: string; data: TransferPosted['data'] }>(
      `SELECT stream_position AS position, message_data AS data FROM emt_messages
       WHERE stream_id = $1 AND message_type = 'TransferPosted'`,
      [ledgerStream(ledger)],
    );
    for (const { position, data } of rows) {
      const { id, debit, credit } = data.request;
      yield { id, revision: Number(position), debit, credit, amount: BigInt(data.debitChange) };
    }
  },
};
