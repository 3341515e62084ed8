// The transfer service as most teams write it: Fastify, pg, one transaction for each transfer.
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import { serve } from '../baseline-http/process.js';
import { postBatch } from './post-batch.js';
import { postTransfer } from './post-transfer.js';
import { type AccountRow, accountOf } from '../baseline-http/account-row.js';
import { ACCOUNT } from './statements.js';

const CONNECTIONS = 16;

process.exit(
  await serve((databaseUrl) => {
    const pool = createPool({
      databaseUrl,
      applicationName: 'baseline-sql',
      logger: createLogger('baseline', 'warn'),
      size: CONNECTIONS,
    });
    return Promise.resolve({
      service: {
        post: (ledger, request) => postTransfer(pool, ledger, request),
        postBatch: (ledger, requests, atomic) => postBatch(pool, { ledger, requests, atomic }),
        account: async (ledger, address) => {
          const { rows } = await pool.query<AccountRow>({ ...ACCOUNT, values: [ledger, address] });
          return rows[0] && accountOf(rows[0]);
        },
      },
      close: () => pool.end(),
    });
  }),
);
