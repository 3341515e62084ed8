// The closed catalogue of what the domain says no to. A *refusal* is a decision about a well-formed
// request, recorded in the log with its evidence and as final as a success. A *rejection* says that the
// request cannot be right as it stands: nothing is recorded, and a corrected one may use the same id.
// HTTP knows these codes only through platform/http/error-catalogue.ts.

/** Decisions that depend on the state of the books; each is recorded. In order of precedence. */
export const REFUSAL_CODES = [
  'ACCOUNT_CLOSED',
  'ACCOUNT_FROZEN',
  'INSUFFICIENT_FUNDS',
  'BALANCE_LIMIT_EXCEEDED',
  'AMOUNT_OVERFLOW',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/**
 * Requests that do not fit the ledger or the account they name; none is recorded. `ACCOUNT_CLOSED` is
 * a rejection for a command about the account itself, a refusal for a transfer.
 */
export const REJECTION_CODES = [
  'LEDGER_NOT_FOUND',
  'ACCOUNT_NOT_FOUND',
  'LEDGER_EXISTS',
  'ACCOUNT_EXISTS',
  'TRANSFER_ID_REUSED',
  'INVALID_LEDGER',
  'INVALID_ACCOUNT',
  'INVALID_TRANSFER',
  'INVALID_AMOUNT',
  'UNKNOWN_CURRENCY',
  'SAME_ACCOUNT',
  'UNKNOWN_ACCOUNT',
  'CURRENCY_MISMATCH',
  'ACCOUNT_CLOSED',
  'ACCOUNT_NOT_EMPTY',
  'VERSION_MISMATCH',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

/** One field of a request that has to change. `path` as in the request: `legs[0].amount`. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
  readonly expected: string;
}

/** Why a request was turned away without a trace. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly message: string;
  readonly fields: readonly FieldProblem[];
  /** Of a rejection for what an account is at present: the account, as seen at `revision`. */
  readonly evidence?: { readonly revision: number; readonly accounts: readonly AccountSeen[] };
}

/** An account as a decision saw it: what it held and what it may hold. Decimal strings. */
export interface AccountSeen {
  readonly account: string;
  readonly currency: string;
  readonly version: number;
  readonly status: string;
  /** Only of a frozen account. */
  readonly freeze?: string;
  readonly balance: string;
  readonly available: string;
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
}

/** An account as a refusal saw it, and what was asked of it. */
export interface AccountEvidence extends AccountSeen {
  /** What the whole transfer would have changed the balance by; negative when it takes. */
  readonly change: string;
}

/** Why a transfer was refused, with every account that broke the rule, as seen at `revision`. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly evidence: { readonly revision: number; readonly accounts: readonly AccountEvidence[] };
}

/** The books contradict themselves: a defect or a damaged log, never the caller's fault. Stops the reader. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}
