// One transfer in one transaction: lock both accounts, check, write, commit.
import { type Pool, type PoolClient } from 'pg';
import { decide, transferOf } from '../baseline-http/decide.js';
import { type Outcome, type TransferRequest } from '../baseline-http/transfer.js';
import { type KeyedAccountRow, type RecordedRow, lockedAccount, recordedOutcome } from './rows.js';
import { LOCK_ACCOUNTS, POST_ONE, RECORDED } from './statements.js';
import { inTransaction } from './transaction.js';

export async function postTransfer(
  pool: Pool,
  ledger: string,
  request: TransferRequest,
): Promise<Outcome> {
  const outcome = await inTransaction(pool, (client) => posted(client, ledger, request));
  if (outcome !== 'id taken') return outcome;
  const { rows } = await pool.query<RecordedRow>({ ...RECORDED, values: [ledger, [request.id]] });
  return recordedOutcome(request, rows);
}

async function posted(
  client: PoolClient,
  ledger: string,
  request: TransferRequest,
): Promise<Outcome | 'id taken'> {
  const addresses = [request.debit, request.credit];
  const locked = await client.query<KeyedAccountRow>({
    ...LOCK_ACCOUNTS,
    values: [ledger, addresses],
  });
  const accounts = new Map(locked.rows.map((row) => [row.address, lockedAccount(row)]));
  const decision = decide(accounts, request);
  if (decision.kind === 'refused') return isTaken(client, ledger, request, decision);
  const { debit, credit, debitChange } = decision.posting;
  const amount = debitChange < 0n ? -debitChange : debitChange;
  const recordedAt = new Date().toISOString();
  const { rows } = await client.query<{ number: string }>({
    ...POST_ONE,
    values: [
      ...[ledger, request.id, request.currency, request.effectiveAt ?? null],
      ...[request.reference ?? null, request.description ?? null, request.metadata ?? null],
      recordedAt,
      ...[
        [debit.id, credit.id],
        [debit.balance, credit.balance],
      ],
      ...[[debit.version, credit.version], ['debit', 'credit'], amount],
    ],
  });
  const [row] = rows;
  if (row === undefined) return 'id taken';
  const revision = Number(row.number);
  const transfer = transferOf(decision.posting, { revision, recordedAt });
  return { kind: 'posted', transfer, replayed: false };
}

/** What is refused now may have been posted before. */
async function isTaken(
  client: PoolClient,
  ledger: string,
  request: TransferRequest,
  refusal: Outcome,
): Promise<Outcome | 'id taken'> {
  const { rows } = await client.query({ ...RECORDED, values: [ledger, [request.id]] });
  return rows.length > 0 ? 'id taken' : refusal;
}
