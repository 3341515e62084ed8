// When a transfer may count in the books: within the limits of its ledger, and not in a closed period.
import { type Evidence } from '../errors.js';
import { type LedgerState } from './state.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The most days that a ledger may set as a limit: a hundred years. */
export const EFFECTIVE_DAYS_MAX = 36_525;

/** Why a transfer recorded at `recordedAt` may not count at `effectiveAt`. */
export function effectiveTimeRefusal(
  state: LedgerState,
  { effectiveAt, recordedAt }: { readonly effectiveAt: string; readonly recordedAt: string },
): Pick<Evidence, 'effectiveAt' | 'closedThrough'> | undefined {
  if (isOutOfRange(state, { effectiveAt, recordedAt })) return { effectiveAt: daysMaxOf(state) };
  const { closedThrough } = state;
  return closedThrough !== null && isClosed(state, effectiveAt) ? { closedThrough } : undefined;
}

/** How far from its recording a transfer may count; null is without limit. */
export function daysMaxOf({ header }: LedgerState): NonNullable<Evidence['effectiveAt']> {
  const { pastDaysMax = null, futureDaysMax = null } = header?.rules ?? {};
  return { pastDaysMax, futureDaysMax };
}

/** The day in UTC, `2026-06-30`; days compare like texts. */
export function dayOf(instant: string): string {
  return instant.slice(0, 'yyyy-mm-dd'.length);
}

/** Whether it would count too far from its recording; what counts when it is recorded never does. */
export function isOutOfRange(
  state: LedgerState,
  { effectiveAt, recordedAt }: { readonly effectiveAt: string; readonly recordedAt: string },
): boolean {
  const { pastDaysMax, futureDaysMax } = daysMaxOf(state);
  const aheadMs = Date.parse(effectiveAt) - Date.parse(recordedAt);
  return (
    effectiveAt !== recordedAt &&
    ((pastDaysMax !== null && -aheadMs > pastDaysMax * DAY_MS) ||
      (futureDaysMax !== null && aheadMs > futureDaysMax * DAY_MS))
  );
}

/** Whether the day is closed on which it would count. */
export function isClosed({ closedThrough }: LedgerState, effectiveAt: string): boolean {
  return closedThrough !== null && dayOf(effectiveAt) <= closedThrough;
}
