// Rows as the driver returns them, 64-bit numbers as texts, and what they mean.
import { formatAmount, parseAmount } from '../../src/domain/money.js';
import { type AccountRow, openAccountOf } from '../baseline-http/account-row.js';
import { type OpenAccount, SCALE } from '../baseline-http/decide.js';
import { type Outcome, type TransferRequest } from '../baseline-http/transfer.js';

/** One that may be locked. */
export interface KeyedAccountRow extends AccountRow {
  readonly id: string;
}

export interface LockedAccount extends OpenAccount {
  readonly id: string;
}

export function lockedAccount(row: KeyedAccountRow): LockedAccount {
  return { id: row.id, ...openAccountOf(row) };
}

/** An entry of a recorded transfer. */
export interface RecordedRow {
  readonly id: string;
  readonly number: string;
  readonly currency: string;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Record<string, string> | null;
  readonly effective_at: Date;
  readonly recorded_at: Date;
  readonly amount: string;
  readonly balance: string;
  readonly version: string;
  readonly address: string;
}

/** @param rows its entry on the debit side, and that on the credit side. */
export function recordedOutcome(request: TransferRequest, rows: readonly RecordedRow[]): Outcome {
  const [debit, credit] = rows;
  if (!debit || !credit) throw new Error(`${request.id} is neither new nor recorded`);
  const amount = formatAmount(BigInt(debit.amount), SCALE);
  const leg = { debit: debit.address, credit: credit.address, amount, currency: debit.currency };
  const isSame =
    request.debit === leg.debit &&
    request.credit === leg.credit &&
    request.currency === leg.currency &&
    parseAmount(request.amount, SCALE) === BigInt(debit.amount) &&
    (request.reference ?? null) === debit.reference;
  if (!isSame) return { kind: 'reused' };
  const resulting = (row: RecordedRow) => {
    const balance = formatAmount(BigInt(row.balance), SCALE);
    const { address: account, currency } = row;
    return { account, currency, version: Number(row.version), balance, available: balance };
  };
  const transfer = {
    ...{ id: debit.id, state: 'posted' as const, legs: [leg] },
    effectiveAt: debit.effective_at.toISOString(),
    recordedAt: debit.recorded_at.toISOString(),
    revision: Number(debit.number),
    ...{ reference: debit.reference, description: debit.description },
    metadata: debit.metadata ?? {},
    balances: [resulting(debit), resulting(credit)],
  };
  return { kind: 'posted', transfer, replayed: true };
}
