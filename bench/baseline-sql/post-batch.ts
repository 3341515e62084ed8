// A batch in one transaction: all accounts locked at once, every transfer decided in memory, and all rows
// written by two statements.
import { type Pool, type PoolClient } from 'pg';
import { type Posting, decide, transferOf } from '../baseline-http/decide.js';
import { type Outcome, type TransferRequest } from '../baseline-http/transfer.js';
import {
  type KeyedAccountRow,
  type LockedAccount,
  type RecordedRow,
  lockedAccount,
  recordedOutcome,
} from './rows.js';
import { INSERT_TRANSFERS, LOCK_ACCOUNTS, MOVE, RECORDED } from './statements.js';
import { inTransaction } from './transaction.js';

interface Batch {
  readonly ledger: string;
  readonly requests: readonly TransferRequest[];
  readonly atomic: boolean;
}

/** Nothing of the transaction is to stay. */
class TakenBack extends Error {
  constructor(readonly outcomes: readonly Outcome[] | 'ids taken') {
    super('taken back');
  }
}

export async function postBatch(pool: Pool, batch: Batch): Promise<readonly Outcome[]> {
  const outcomes = await attempt(pool, batch, new Map());
  if (outcomes !== 'ids taken') return outcomes;
  const { ledger, requests } = batch;
  const values = [ledger, requests.map(({ id }) => id)];
  const { rows } = await pool.query<RecordedRow>({ ...RECORDED, values });
  const again = await attempt(pool, batch, recordedBefore(requests, rows));
  if (again === 'ids taken') throw new Error('an id comes twice in the batch');
  return again;
}

function recordedBefore(
  requests: readonly TransferRequest[],
  rows: readonly RecordedRow[],
): Map<string, Outcome> {
  const entries = new Map<string, RecordedRow[]>();
  for (const row of rows) entries.set(row.id, [...(entries.get(row.id) ?? []), row]);
  return new Map(
    requests
      .filter(({ id }) => entries.has(id))
      .map((request) => [request.id, recordedOutcome(request, entries.get(request.id) ?? [])]),
  );
}

async function attempt(pool: Pool, batch: Batch, before: ReadonlyMap<string, Outcome>) {
  try {
    return await inTransaction(pool, (client) => posted(client, batch, before));
  } catch (error) {
    if (error instanceof TakenBack) return error.outcomes;
    throw error;
  }
}

async function posted(
  client: PoolClient,
  { ledger, requests, atomic }: Batch,
  before: ReadonlyMap<string, Outcome>,
): Promise<readonly Outcome[]> {
  const addresses = [...new Set(requests.flatMap(({ debit, credit }) => [debit, credit]))];
  const locked = await client.query<KeyedAccountRow>({
    ...LOCK_ACCOUNTS,
    values: [ledger, addresses],
  });
  const accounts = new Map(locked.rows.map((row) => [row.address, lockedAccount(row)]));
  const decisions = requests.map((request) => before.get(request.id) ?? decide(accounts, request));
  const postings = decisions.flatMap((each) => ('posting' in each ? [each.posting] : []));
  const isRefused = decisions.some(({ kind }) => kind !== 'posted');
  const recordedAt = new Date().toISOString();
  const write = !(atomic && isRefused) && postings.length > 0;
  const numbers = write ? await written(client, ledger, postings, recordedAt) : undefined;
  const outcomes = decisions.map((decision): Outcome => {
    if (!('posting' in decision)) return decision;
    const revision = Number(numbers?.get(decision.posting.request.id));
    const transfer = transferOf(decision.posting, { revision, recordedAt });
    return { kind: 'posted', transfer, replayed: false };
  });
  if (atomic && isRefused) throw new TakenBack(outcomes);
  return outcomes;
}

/** Numbers of the transfers, by their ids. */
async function written(
  client: PoolClient,
  ledger: string,
  postings: readonly Posting<LockedAccount>[],
  recordedAt: string,
): Promise<ReadonlyMap<string, string>> {
  const requests = postings.map(({ request }) => request);
  const inserted = await client.query<{ id: string; number: string }>({
    ...INSERT_TRANSFERS,
    values: [
      ledger,
      requests.map(({ id }) => id),
      requests.map(({ currency }) => currency),
      requests.map(({ effectiveAt }) => effectiveAt ?? null),
      requests.map(({ reference }) => reference ?? null),
      requests.map(({ description }) => description ?? null),
      requests.map(({ metadata }) => (metadata ? JSON.stringify(metadata) : null)),
      recordedAt,
    ],
  });
  if (inserted.rows.length < requests.length) throw new TakenBack('ids taken');
  const numbers = new Map(inserted.rows.map(({ id, number }) => [id, number]));
  const touched = [...new Set(postings.flatMap(({ debit, credit }) => [debit, credit]))];
  const entries = postings.flatMap((posting) => entriesOf(posting, numbers));
  await client.query({
    ...MOVE,
    values: [
      touched.map(({ id }) => id),
      touched.map(({ balance }) => balance),
      touched.map(({ version }) => version),
      entries.map(({ transfer }) => transfer),
      entries.map(({ account }) => account),
      entries.map(({ side }) => side),
      entries.map(({ amount }) => amount),
      entries.map(({ balance }) => balance),
      entries.map(({ version }) => version),
    ],
  });
  return numbers;
}

function entriesOf(
  { request, debit, credit, debitChange, after }: Posting<LockedAccount>,
  numbers: ReadonlyMap<string, string>,
) {
  const amount = debitChange < 0n ? -debitChange : debitChange;
  const transfer = numbers.get(request.id);
  return [
    { transfer, account: debit.id, side: 'debit', amount, ...after.debit },
    { transfer, account: credit.id, side: 'credit', amount, ...after.credit },
  ];
}
