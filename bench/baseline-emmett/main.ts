// The transfer service on an event store for TypeScript that keeps its events in Postgres.
import { InProcessLock } from '@event-driven-io/emmett';
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import { type AccountRow, accountOf } from '../baseline-http/account-row.js';
import { serve } from '../baseline-http/process.js';
import { openEventStore } from './event-store.js';
import { type Batch, postTransfers } from './post-transfers.js';

const CONNECTIONS = 16;
const ACCOUNT = {
  name: 'account',
  text: `SELECT address, type, currency, overdraft_limit, balance, version
    FROM account WHERE ledger = $1 AND address = $2`,
};

process.exit(
  await serve((databaseUrl) => {
    const pool = createPool({
      databaseUrl,
      applicationName: 'baseline-emmett',
      logger: createLogger('baseline', 'warn'),
      size: CONNECTIONS,
    });
    const eventStore = openEventStore(databaseUrl, pool, { migrate: false });
    // Those of one process take turns: only other processes can come in between.
    const turns = InProcessLock();
    const post = (batch: Batch) =>
      turns.withAcquire(() => postTransfers({ pool, eventStore }, batch), { lockId: batch.ledger });
    return Promise.resolve({
      service: {
        post: async (ledger, request) => {
          const [outcome] = await post({ ledger, requests: [request], atomic: false });
          if (outcome === undefined) throw new Error('a request came to nothing');
          return outcome;
        },
        postBatch: (ledger, requests, atomic) => post({ ledger, requests, atomic }),
        account: async (ledger, address) => {
          const { rows } = await pool.query<AccountRow>({ ...ACCOUNT, values: [ledger, address] });
          return rows[0] && accountOf(rows[0]);
        },
      },
      close: async () => {
        await eventStore.close();
        await pool.end();
      },
    });
  }),
);
