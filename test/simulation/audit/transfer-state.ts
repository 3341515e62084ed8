// A transfer as the auditor knows it: what each of its legs holds, posted and had reversed.
import { textOf } from './amounts.js';

export interface Leg {
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
  readonly currency: string;
  readonly expectedVersions?: { readonly debit?: number; readonly credit?: number };
}

export interface LegUnits {
  readonly held: bigint;
  readonly posted: bigint;
  readonly reversed: bigint;
}

export interface KnownLeg extends LegUnits {
  readonly leg: Leg;
  readonly scale: number;
}

export interface TransferState {
  readonly id: string;
  readonly state: 'posted' | 'pending' | 'voided' | 'expired' | 'refused';
  readonly legs: readonly KnownLeg[];
  readonly expiresAt: string | null;
  readonly isReversal: boolean;
}

/** A transfer after its legs were changed; `ended` is what it is when nothing of it was ever posted. */
export function changed(
  transfer: TransferState,
  legs: readonly KnownLeg[],
  ended: TransferState['state'],
): TransferState {
  const posted = legs.some((leg) => leg.posted > 0n) ? 'posted' : ended;
  return { ...transfer, legs, state: legs.some(({ held }) => held > 0n) ? 'pending' : posted };
}

/** What became of each leg, as events tell it. */
export function totalsOf({ legs }: TransferState): object[] {
  return legs.map(({ held, posted, reversed, scale }) => ({
    held: textOf(held, scale),
    posted: textOf(posted, scale),
    reversed: textOf(reversed, scale),
  }));
}

/** As a refusal tells it. */
export function transferSeen(transfer: TransferState): object {
  const { id, state, expiresAt, isReversal } = transfer;
  return { transfer: id, state, expiresAt, isReversal, totals: totalsOf(transfer) };
}
