// The rules of a transfer, on the balances of its two accounts. Amounts are whole cents, exactly.
import { formatAmount, parseAmount } from '../../src/domain/money.js';
import {
  type RefusalCode,
  type ResultingBalance,
  type Transfer,
  type TransferRequest,
} from './transfer.js';

/** Of every currency of the bench. */
export const SCALE = 2;

/** An account as it is while transfers are decided, changed by each of them. */
export interface OpenAccount {
  readonly address: string;
  readonly currency: string;
  /** Debits raise the balance of these. */
  readonly isDebitNormal: boolean;
  readonly overdraftLimit: bigint | null;
  balance: bigint;
  version: number;
}

export type Decision<A extends OpenAccount> =
  | { readonly kind: 'posted'; readonly posting: Posting<A> }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

export interface Posting<A extends OpenAccount> {
  readonly request: TransferRequest;
  readonly debit: A;
  readonly credit: A;
  /** What is added to each balance. */
  readonly debitChange: bigint;
  readonly creditChange: bigint;
  readonly after: { readonly debit: After; readonly credit: After };
}

/** What the transfer left of an account. */
interface After {
  readonly balance: bigint;
  readonly version: number;
}

/** Whether the request is well written, beyond what its JSON schema says. */
export function isAmount(text: string): boolean {
  const amount = parseAmount(text, SCALE);
  return typeof amount === 'bigint' && amount > 0n;
}

/** Changes the two accounts when the transfer is posted. */
export function decide<A extends OpenAccount>(
  accounts: ReadonlyMap<string, A>,
  request: TransferRequest,
): Decision<A> {
  const debit = accounts.get(request.debit);
  const credit = accounts.get(request.credit);
  if (!debit || !credit) return { kind: 'refused', code: 'UNKNOWN_ACCOUNT' };
  if (debit === credit) return { kind: 'refused', code: 'SAME_ACCOUNT' };
  if (debit.currency !== request.currency || credit.currency !== request.currency) {
    return { kind: 'refused', code: 'CURRENCY_MISMATCH' };
  }
  const amount = parseAmount(request.amount, SCALE) as bigint;
  const debitChange = debit.isDebitNormal ? amount : -amount;
  const creditChange = credit.isDebitNormal ? -amount : amount;
  if (isTooMuch(debit, debitChange) || isTooMuch(credit, creditChange)) {
    return { kind: 'refused', code: 'INSUFFICIENT_FUNDS' };
  }
  change(debit, debitChange);
  change(credit, creditChange);
  const after = { debit: afterOf(debit), credit: afterOf(credit) };
  return { kind: 'posted', posting: { request, debit, credit, debitChange, creditChange, after } };
}

/** As it is answered. */
export function transferOf(
  { request, after }: Posting<OpenAccount>,
  { revision, recordedAt }: { revision: number; recordedAt: string },
): Transfer {
  const { id, debit, credit, amount, currency } = request;
  return {
    id,
    state: 'posted',
    legs: [{ debit, credit, amount, currency }],
    effectiveAt: request.effectiveAt ?? recordedAt,
    recordedAt,
    revision,
    reference: request.reference ?? null,
    description: request.description ?? null,
    metadata: request.metadata ?? {},
    balances: [resulting(debit, currency, after.debit), resulting(credit, currency, after.credit)],
  };
}

function isTooMuch({ balance, overdraftLimit }: OpenAccount, added: bigint): boolean {
  return added < 0n && overdraftLimit !== null && balance + added < -overdraftLimit;
}

function change(account: OpenAccount, added: bigint): void {
  account.balance += added;
  account.version += 1;
}

function afterOf({ balance, version }: OpenAccount): After {
  return { balance, version };
}

function resulting(account: string, currency: string, after: After): ResultingBalance {
  const balance = formatAmount(after.balance, SCALE);
  return { account, currency, version: after.version, balance, available: balance };
}
