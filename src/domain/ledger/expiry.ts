// Which pending transfers nobody captured in time. That they are over follows from their `expiresAt`; the
// event that releases what they hold has to be asked for.
import { isOver } from './decide-request.js';
import { type SettledState } from './state.js';

/** At most so many of the transfers that are over at `now`, in order of their expiry. */
export function transfersOver(state: SettledState, now: string, most: number): string[] {
  return expiring(state)
    .filter(({ expiresAt }) => isOver(expiresAt, now))
    .sort((one, other) => (one.expiresAt < other.expiresAt ? -1 : 1))
    .slice(0, most)
    .map(({ id }) => id);
}

/** When the next of the pending transfers expires; null when none does. */
export function earliestExpiry(state: SettledState): string | null {
  return expiring(state).reduce<string | null>(
    (earliest, { expiresAt }) => (earliest === null || expiresAt < earliest ? expiresAt : earliest),
    null,
  );
}

function expiring({ transfers }: SettledState) {
  return [...transfers.values()].flatMap(({ id, expiresAt }) =>
    expiresAt === null ? [] : [{ id, expiresAt }],
  );
}
