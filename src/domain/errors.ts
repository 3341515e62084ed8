// The closed catalogue of what the domain says no to. A *refusal* is a decision about a well-formed
// request, recorded in the log with its evidence and as final as a success. A *rejection* says that the
// request cannot be right as it stands: nothing is recorded, and a corrected one may use the same id.
// HTTP knows these codes only through platform/http/error-catalogue.ts.

/** Decisions that depend on the state of the books; each is recorded. In order of precedence. */
export const REFUSAL_CODES = [
  'TRANSFER_NOT_PENDING',
  'TRANSFER_EXPIRED',
  'TRANSFER_NOT_REVERSIBLE',
  'AMOUNT_EXCEEDS_HELD',
  'AMOUNT_EXCEEDS_POSTED',
  'EFFECTIVE_AT_OUT_OF_RANGE',
  'PERIOD_CLOSED',
  'REFERENCE_TAKEN',
  'CONDITIONS_NOT_MET',
  'ACCOUNT_CLOSED',
  'ACCOUNT_FROZEN',
  'INSUFFICIENT_FUNDS',
  'BALANCE_LIMIT_EXCEEDED',
  'AMOUNT_OVERFLOW',
  'BATCH_REFUSED',
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
  'TRANSFER_NOT_FOUND',
  'TRANSFER_ID_REUSED',
  'INVALID_LEDGER',
  'INVALID_ACCOUNT',
  'INVALID_TRANSFER',
  'INVALID_BATCH',
  'BATCH_TOO_LARGE',
  'INVALID_PERIOD',
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
  /**
   * What the whole transfer would have changed the balance by, once captured if it is pending; negative
   * when it takes.
   */
  readonly change: string;
}

/** A transfer as a refused act saw it. */
export interface TransferSeen {
  readonly transfer: string;
  readonly state: string;
  readonly expiresAt: string | null;
  readonly isReversal: boolean;
  /** For each of its legs. */
  readonly totals: readonly {
    readonly held: string;
    readonly posted: string;
    readonly reversed: string;
  }[];
}

/** A condition that was not met. */
export interface ConditionSeen {
  /** As in the request: `conditions[0].available.gte`. */
  readonly field: string;
  readonly account: string;
  readonly expected: string;
  readonly seen: string;
}

/** What a refusal was decided on, at `revision`, the last event that it took into account. */
export interface Evidence {
  readonly revision: number;
  /** Every account that broke the rule. */
  readonly accounts: readonly AccountEvidence[];
  /** Of a refused capture, void or reversal. */
  readonly transfer?: TransferSeen;
  /** Every condition that was not met. */
  readonly conditions?: readonly ConditionSeen[];
  /** The last day that is closed. */
  readonly closedThrough?: string;
  /** How far from its recording a transfer may count. */
  readonly effectiveAt?: {
    readonly pastDaysMax: number | null;
    readonly futureDaysMax: number | null;
  };
  /** Where the reference was used. */
  readonly reference?: { readonly reference: string; readonly revision: number };
}

/** Why a transfer, or an act on one, was refused. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly evidence: Evidence;
}

/** The books contradict themselves: a defect or a damaged log, never the caller's fault. Stops the reader. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}
