// Transfers of one ledger: decide on its balances, append at the position they were read at, again when
// somebody else was faster.
import { setTimeout as delay } from 'node:timers/promises';
import { isExpectedVersionConflictError } from '@event-driven-io/emmett';
import { type PostgresEventStore } from '@event-driven-io/emmett-postgresql';
import { type Pool } from 'pg';
import { type OpenAccount, type Posting, decide, transferOf } from '../baseline-http/decide.js';
import { type Outcome, type TransferRequest } from '../baseline-http/transfer.js';
import { type TransferPosted, ledgerStream } from './events.js';
import { recordedOutcomes } from './recorded.js';
import { readState } from './state.js';

const ATTEMPTS_MAX = 100;
const RETRY_MS_MAX = 20;

export interface Batch {
  readonly ledger: string;
  readonly requests: readonly TransferRequest[];
  readonly atomic: boolean;
}

export interface Stores {
  readonly pool: Pool;
  readonly eventStore: PostgresEventStore;
}

/** Throws when others were faster ATTEMPTS_MAX times. */
export async function postTransfers(stores: Stores, batch: Batch): Promise<readonly Outcome[]> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    try {
      return await attempted(stores, batch);
    } catch (error) {
      if (!isExpectedVersionConflictError(error)) throw error;
      await delay((attempt / ATTEMPTS_MAX) * RETRY_MS_MAX);
    }
  }
  throw new Error(`${batch.ledger} was written to by others ${ATTEMPTS_MAX} times`);
}

async function attempted(stores: Stores, { ledger, requests, atomic }: Batch) {
  const addresses = [...new Set(requests.flatMap(({ debit, credit }) => [debit, credit]))];
  const ids = requests.map(({ id }) => id);
  const { position, taken, accounts } = await readState(stores.pool, ledger, { addresses, ids });
  const before = await recordedOutcomes(stores.pool, ledger, requests, taken);
  const decisions = requests.map((request) => before.get(request.id) ?? decide(accounts, request));
  const recordedAt = new Date().toISOString();
  const postings = decisions.flatMap((each) => ('posting' in each ? [each.posting] : []));
  const revisions = new Map(
    postings.map(({ request }, n) => [request.id, Number(position) + n + 1]),
  );
  const isRefused = decisions.some(({ kind }) => kind !== 'posted');
  if (postings.length > 0 && !(atomic && isRefused)) {
    const events = postings.map((posting) => transferPosted(ledger, posting, recordedAt));
    await stores.eventStore.appendToStream(ledgerStream(ledger), events, {
      expectedStreamVersion: position,
    });
  }
  return decisions.map((decision): Outcome => {
    if (!('posting' in decision)) return decision;
    const revision = revisions.get(decision.posting.request.id) ?? NaN;
    const transfer = transferOf(decision.posting, { revision, recordedAt });
    return { kind: 'posted', transfer, replayed: false };
  });
}

function transferPosted(
  ledger: string,
  { request, debitChange, creditChange }: Posting<OpenAccount>,
  recordedAt: string,
): TransferPosted {
  const changes = { debitChange: String(debitChange), creditChange: String(creditChange) };
  return { type: 'TransferPosted', data: { ledger, request, recordedAt, ...changes } };
}
