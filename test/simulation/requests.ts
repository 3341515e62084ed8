// What clients of the bank ask for, as data: the workload proposes it, a client sends it, the journal
// keeps it, and the auditor holds answers and events against it. A new kind of request is one more member
// of this union, one entry of the tables in wire.ts, workload.ts and audit/examiners.ts.

export const LEDGER = 'bank';

export interface LegAsked {
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly currency: string;
  readonly expectedVersions?: { readonly debit?: number; readonly credit?: number };
}

interface BoundsAsked {
  readonly gte?: string;
  readonly lte?: string;
  readonly eq?: string;
}

export interface ConditionAsked {
  readonly account: string;
  readonly version?: number;
  readonly balance?: BoundsAsked;
  readonly available?: BoundsAsked;
}

/** A request that is decided once, for ever, under an id of its own. */
export interface Identified {
  /** In the body, or as `Idempotency-Key`: with the same one, it is the same request. */
  readonly id: string;
  readonly idAsKey: boolean;
}

type Metadata = Readonly<Record<string, string>>;

export interface TransferAsked extends Identified {
  readonly kind: 'post-transfer';
  readonly legs: readonly LegAsked[];
  readonly effectiveAt?: string;
  readonly reference?: string;
  readonly description?: string;
  readonly metadata?: Metadata;
  readonly pending?: { readonly expiresAt?: string };
  readonly conditions?: readonly ConditionAsked[];
  /** Only to be told what it would come to. */
  readonly dryRun?: true;
}

/** All of these transfers or none. */
export interface BatchAsked extends Identified {
  readonly kind: 'post-batch';
  /** Each with its id in the body. */
  readonly transfers: readonly TransferAsked[];
}

/** Transfers that are sent together and decided each for itself. */
export interface EachAsked {
  readonly kind: 'post-each';
  /** Each with its id in the body. */
  readonly transfers: readonly TransferAsked[];
}

export interface ExchangeAsked extends Identified {
  readonly kind: 'exchange-money';
  readonly from: string;
  readonly to: string;
  /** One of the two. */
  readonly sell?: string;
  readonly buy?: string;
  readonly rate: string;
  readonly source?: string;
  readonly via: { readonly sell: string; readonly buy: string };
  readonly rounding: { readonly mode: string; readonly account: string };
  readonly description?: string;
}

export interface PartAsked {
  readonly leg: number;
  readonly amount: string;
}

/** What acts on a transfer have in common. Neither `amount` nor `parts` is all there is. */
interface ActAsked extends Identified {
  readonly transfer: string;
  readonly amount?: string;
  readonly parts?: readonly PartAsked[];
}

export interface CaptureAsked extends ActAsked {
  readonly kind: 'capture-transfer';
  readonly final?: boolean;
  readonly effectiveAt?: string;
  readonly description?: string;
  readonly metadata?: Metadata;
}

export interface VoidAsked extends ActAsked {
  readonly kind: 'void-transfer';
  readonly reason: string;
}

export interface ReverseAsked extends ActAsked {
  readonly kind: 'reverse-transfer';
  readonly reason: string;
  readonly effectiveAt?: string;
  readonly description?: string;
  readonly metadata?: Metadata;
}

export interface ClosePeriodAsked {
  readonly kind: 'close-period';
  readonly through: string;
  readonly reason: string;
}

export interface ReopenPeriodAsked {
  readonly kind: 'reopen-period';
  readonly closedThrough: string | null;
  readonly reason: string;
}

export interface LedgerAsked {
  readonly kind: 'open-ledger';
  readonly rules: { readonly uniqueReferences: boolean };
  readonly assets: readonly { readonly code: string; readonly scale: number }[];
}

export interface AccountAsked {
  readonly kind: 'open-account';
  readonly address: string;
  readonly type: string;
  readonly currency: string;
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ChangeAsked {
  readonly kind: 'change-account';
  readonly address: string;
  /** `If-Match`; none when absent. */
  readonly version?: number;
  readonly overdraftLimit?: string | null;
  readonly balanceLimit?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
}

interface LifeAsked {
  readonly address: string;
  readonly reason: string;
}

export interface FreezeAsked extends LifeAsked {
  readonly kind: 'freeze-account';
  readonly freeze: 'debits' | 'all';
}

export interface UnfreezeAsked extends LifeAsked {
  readonly kind: 'unfreeze-account';
}

export interface CloseAsked extends LifeAsked {
  readonly kind: 'close-account';
}

export interface ReadAsked {
  readonly kind: 'read-account';
  readonly address: string;
}

export type BankRequest =
  | LedgerAsked
  | AccountAsked
  | ChangeAsked
  | FreezeAsked
  | UnfreezeAsked
  | CloseAsked
  | ReadAsked
  | TransferAsked
  | BatchAsked
  | EachAsked
  | ExchangeAsked
  | CaptureAsked
  | VoidAsked
  | ReverseAsked
  | ClosePeriodAsked
  | ReopenPeriodAsked;
/** What is decided as a whole. */
export type SingleRequest = Exclude<BankRequest, EachAsked>;
export type RequestKind = BankRequest['kind'];
/** A request of one kind. */
export type Asked<K extends RequestKind> = Extract<BankRequest, { readonly kind: K }>;
