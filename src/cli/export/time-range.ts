// Which stretch of time an export is about, as `--from` and `--to` say it.
import { InvalidArgumentError } from 'commander';
import { utcOfDateOrTime } from '../../platform/http/instant.js';

/** RFC 3339 in UTC with milliseconds; `from` is included, `to` is not. Null is without limit. */
export interface TimeRange {
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * A time of the command line in UTC: a date and time of RFC 3339 with its offset, or a date alone,
 * which is its first moment in UTC. Throws InvalidArgumentError.
 */
export function timeOf(text: string): string {
  const utc = utcOfDateOrTime(text);
  if (utc !== undefined) return utc;
  throw new InvalidArgumentError('Use a time such as 2026-03-01T08:00:00Z, or a date: 2026-03-01.');
}
