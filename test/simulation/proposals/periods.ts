// Closing periods and opening them again. Only some of what is posted counts in the past, so that a closed
// period does not bring the bank to a standstill.
import { type Draws } from '../draws.js';
import { type Asked } from '../requests.js';

const LAST_DAYS = ['2025-12-31', '2026-01-31', '2026-02-28', '2026-03-31'];

export function closePeriod(draws: Draws): Asked<'close-period'> {
  return { kind: 'close-period', through: draws.zipf(LAST_DAYS), reason: 'reported' };
}

export function reopenPeriod(draws: Draws): Asked<'reopen-period'> {
  const closedThrough = draws.pick([null, ...LAST_DAYS]);
  return { kind: 'reopen-period', closedThrough, reason: 'forgotten invoice' };
}
