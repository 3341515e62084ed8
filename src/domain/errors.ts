// The closed catalogue of what the domain says no to. A *refusal* is a decision about a well-formed
// request, recorded in the log with its evidence and as final as a success. A *rejection* says that the
// request cannot be right as it stands: nothing is recorded, and a corrected one may use the same id.
// HTTP knows these codes only through platform/http/error-catalogue.ts.

/** Decisions that depend on the state of the books; each is recorded. In order of precedence. */
export const REFUSAL_CODES = [
  'INSUFFICIENT_FUNDS',
  'BALANCE_LIMIT_EXCEEDED',
  'AMOUNT_OVERFLOW',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Requests that do not fit the ledger they name, whatever its balances; none is recorded. */
export const REJECTION_CODES = [
  'LEDGER_NOT_FOUND',
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
}

/** An account as a refusal saw it: what it held, what it may hold, what was asked of it. Decimal strings. */
export interface AccountEvidence {
  readonly account: string;
  readonly currency: string;
  readonly version: number;
  readonly status: string;
  readonly balance: string;
  readonly available: string;
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
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
