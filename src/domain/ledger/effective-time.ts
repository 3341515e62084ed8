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
  if (effectiveAt !== recordedAt && isOutOfRange(state, effectiveAt, recordedAt)) {
    const { pastDaysMax = null, futureDaysMax = null } = state.header?.rules ?? {};
    return { effectiveAt: { pastDaysMax, futureDaysMax } };
  }
  const { closedThrough } = state;
  return closedThrough !== null && dayOf(effectiveAt) <= closedThrough
    ? { closedThrough }
    : undefined;
}

/** The day in UTC, `2026-06-30`; days compare like texts. */
export function dayOf(instant: string): string {
  return instant.slice(0, 'yyyy-mm-dd'.length);
}

function isOutOfRange({ header }: LedgerState, effectiveAt: string, recordedAt: string): boolean {
  const { pastDaysMax = null, futureDaysMax = null } = header?.rules ?? {};
  const aheadMs = Date.parse(effectiveAt) - Date.parse(recordedAt);
  return (
    (pastDaysMax !== null && -aheadMs > pastDaysMax * DAY_MS) ||
    (futureDaysMax !== null && aheadMs > futureDaysMax * DAY_MS)
  );
}
