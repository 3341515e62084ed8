// How the limits of an account are written: decimal strings in its currency, null is without limit.
import { type FieldProblem } from '../errors.js';
import { formatAmount, parseAmount } from '../money.js';

/** Limits as a caller wrote them; undefined is one that was not mentioned. */
interface WrittenLimits {
  readonly overdraftLimit?: string | null | undefined;
  readonly balanceLimit?: string | null | undefined;
}

/** The limits that cannot be read in this currency. */
export function limitProblems(
  limits: WrittenLimits,
  { currency, scale }: { readonly currency: string; readonly scale: number },
): FieldProblem[] {
  return (['overdraftLimit', 'balanceLimit'] as const).flatMap((field) => {
    const text = limits[field];
    if (text === undefined || text === null) return [];
    if (typeof parseAmount(text, scale) === 'bigint') return [];
    return [
      {
        field,
        problem: `"${text}" is not a limit in ${currency}`,
        expected: `a decimal string with at most ${scale} decimals, or null for no limit`,
      },
    ];
  });
}

// With all decimals of its currency. An unreadable limit is kept as written: it then differs from every
// recorded one.
export function canonicalLimit(text: string | null, scale: number): string | null {
  if (text === null) return null;
  const units = parseAmount(text, scale);
  return typeof units === 'bigint' ? formatAmount(units, scale) : text;
}
