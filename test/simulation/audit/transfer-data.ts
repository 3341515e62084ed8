// Events about money, as they are stored.
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { type Condition } from './forbidden.js';
import { type Leg } from './transfer-state.js';

export interface Part {
  readonly leg: number;
  readonly amount: string;
}

export interface RefusalData {
  readonly code: string;
  readonly message: string;
  readonly evidence: object;
}

/** A transfer, posted, held or refused: alone, or as one of a batch. */
export interface TransferData {
  readonly id: string;
  readonly legs: readonly Leg[];
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly reference: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
  readonly pending?: { readonly expiresAt: string | null };
  readonly reverses?: {
    readonly transfer: string;
    readonly parts: readonly Part[] | null;
    readonly legs: readonly number[];
    readonly reason: string;
  };
  readonly exchange?: ExchangeData;
  /** Of a reversal that was posted. */
  readonly totals?: unknown;
  readonly balances?: unknown;
  readonly refusal?: RefusalData;
}

export interface ExchangeData {
  readonly from: string;
  readonly to: string;
  readonly via: { readonly sell: string; readonly buy: string };
  readonly given: 'sell' | 'buy';
  readonly sell: { readonly amount: string; readonly currency: string };
  readonly buy: { readonly amount: string; readonly currency: string };
  readonly rate: string;
  readonly source: string | null;
  readonly rounding: { readonly mode: string; readonly account: string };
  readonly remainder: {
    readonly exact: string;
    readonly posted: string;
    readonly carried: string;
  };
}

/** A capture, a void or an expiry, made or refused. */
export interface ActData {
  readonly id?: string;
  readonly transfer: string;
  readonly parts?: readonly Part[] | null;
  readonly final?: boolean;
  readonly effectiveAt?: string;
  readonly recordedAt: string;
  readonly expiresAt?: string;
  readonly reason?: string;
  readonly description?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly legs?: unknown;
  readonly released?: unknown;
  readonly totals?: unknown;
  readonly balances?: unknown;
  readonly refusal?: RefusalData;
}

export interface BatchData {
  readonly id: string;
  readonly transfers: readonly TransferData[];
  readonly recordedAt: string;
  readonly balances?: unknown;
  readonly refusal?: RefusalData;
  readonly refusals?: readonly {
    readonly index: number;
    readonly id: string;
    readonly refusal: RefusalData;
  }[];
}

export function transferIn({ data }: Pick<StoredEvent, 'data'>): TransferData {
  return data as object as TransferData;
}

export function actIn({ data }: StoredEvent): ActData {
  return data as object as ActData;
}

export function batchIn({ data }: StoredEvent): BatchData {
  return data as object as BatchData;
}
