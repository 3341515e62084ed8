// A transfer in the books: whether they take it, and what they are afterwards.
import { type Condition, type Leg, type Pending } from '../../src/domain/ledger/transfer-events.js';
import {
  type Books,
  type Transfer,
  type TransferLeg,
  unitsOf,
  withAccounts,
  withTransfer,
} from './books.js';
import { type Refused, brokenRule, isOver, unmet, untimely } from './refusals.js';

export interface Wanted {
  readonly id: string;
  readonly legs: readonly Leg[];
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly reference: string | null;
  readonly conditions: readonly Condition[];
  readonly pending: Pending | null;
}

export function touchedBy(legs: readonly Pick<Leg, 'debit' | 'credit'>[]): string[] {
  return [...new Set(legs.flatMap(({ debit, credit }) => [debit, credit]))];
}

/** The transfer as the books keep it; `state` says what becomes of its amounts. */
export function transferAs(
  { id, legs, pending }: Pick<Wanted, 'id' | 'legs' | 'pending'>,
  state: 'held' | 'posted' | 'refused',
  isReversal = false,
): Transfer {
  return {
    id,
    legs: legs.map(({ debit, credit, currency, amount }): TransferLeg => {
      const units = unitsOf(amount, currency) ?? 0n;
      const none = { held: 0n, posted: 0n, reversed: 0n };
      return {
        debit,
        credit,
        currency,
        units,
        ...none,
        ...(state !== 'refused' && { [state]: units }),
      };
    }),
    end: state === 'refused' ? 'refused' : 'none',
    expiresAt: pending?.expiresAt ?? null,
    isReversal,
  };
}

/** The books after the transfer, or why they refuse it. */
export function attempt(
  books: Books,
  wanted: Wanted,
  isReversal = false,
): { readonly refused: Refused } | { readonly after: Books } {
  const { legs, pending, recordedAt, reference } = wanted;
  const transfer = transferAs(wanted, pending ? 'held' : 'posted', isReversal);
  const entries = pending ? books.entries : [...books.entries, ...transfer.legs];
  const after = withTransfer({ ...books, entries }, transfer);
  const touched = touchedBy(legs);
  const taken = reference !== null && books.references.includes(reference);
  const refused =
    (pending && isOver(pending.expiresAt, recordedAt) ? { code: 'TRANSFER_EXPIRED' } : undefined) ??
    untimely(books, wanted) ??
    (taken ? { code: 'REFERENCE_TAKEN' } : undefined) ??
    unmet(books, legs, wanted.conditions) ??
    brokenRule(books, after, touched);
  if (refused) return { refused };
  const unique = books.rules?.uniqueReferences === true && reference !== null;
  const references = unique ? [...books.references, reference] : books.references;
  return { after: withAccounts({ ...after, references }, touched, () => ({})) };
}
