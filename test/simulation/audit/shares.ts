// How much of each leg of a transfer an act takes.
import { recordedUnits, textOf } from './amounts.js';
import { type Part } from './transfer-data.js';
import { type KnownLeg, type TransferState } from './transfer-state.js';

/**
 * What the parts say, or without parts all that is left, leg by leg. Undefined when that is more than is
 * left, or nothing.
 */
export function unitsTaken(
  { legs }: TransferState,
  parts: readonly Part[] | null,
  left: (leg: KnownLeg) => bigint,
): bigint[] | undefined {
  const taken = legs.map((known, n) => {
    if (!parts) return left(known);
    const part = parts.find(({ leg }) => leg === n);
    return part ? recordedUnits(part.amount, known.scale) : 0n;
  });
  const tooMuch = legs.some((known, n) => (taken[n] ?? 0n) > left(known));
  return tooMuch || taken.every((units) => units === 0n) ? undefined : taken;
}

/** The legs of which anything is taken, as events tell them. */
export function sharesOf({ legs }: TransferState, taken: readonly bigint[]): object[] {
  return legs.flatMap(({ leg: { debit, credit, currency }, scale }, n) => {
    const units = taken[n] ?? 0n;
    return units === 0n ? [] : [{ leg: n, debit, credit, amount: textOf(units, scale), currency }];
  });
}
