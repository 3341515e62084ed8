// What the baselines take and answer: the JSON of `POST /v1/ledgers/{ledger}/transfers` with one leg.

export interface TransferRequest {
  readonly id: string;
  readonly debit: string;
  readonly credit: string;
  /** Decimal, above zero. */
  readonly amount: string;
  readonly currency: string;
  readonly effectiveAt?: string | null;
  readonly reference?: string | null;
  readonly description?: string | null;
  readonly metadata?: Readonly<Record<string, string>> | null;
}

export interface ResultingBalance {
  readonly account: string;
  readonly currency: string;
  readonly version: number;
  readonly balance: string;
  readonly available: string;
}

export interface Leg {
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly currency: string;
}

export interface Transfer {
  readonly id: string;
  readonly state: 'posted';
  readonly legs: readonly Leg[];
  readonly effectiveAt: string;
  readonly recordedAt: string;
  /** Its place among all transfers. */
  readonly revision: number;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly balances: readonly ResultingBalance[];
}

export type RefusalCode =
  'UNKNOWN_ACCOUNT' | 'SAME_ACCOUNT' | 'CURRENCY_MISMATCH' | 'INSUFFICIENT_FUNDS';

export type Outcome =
  | { readonly kind: 'posted'; readonly transfer: Transfer; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly code: RefusalCode }
  /** Another transfer has this id. */
  | { readonly kind: 'reused' };

export interface Account {
  readonly address: string;
  readonly type: string;
  readonly currency: string;
  readonly version: number;
  readonly balance: string;
  readonly available: string;
  readonly overdraftLimit: string | null;
}

/** What a baseline has to offer. */
export interface TransferService {
  post(ledger: string, request: TransferRequest): Promise<Outcome>;
  /** In order. Atomic: when one is not posted, none is. */
  postBatch(
    ledger: string,
    requests: readonly TransferRequest[],
    atomic: boolean,
  ): Promise<readonly Outcome[]>;
  account(ledger: string, address: string): Promise<Account | undefined>;
}
