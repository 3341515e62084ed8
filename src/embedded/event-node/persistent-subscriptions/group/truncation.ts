// Parked messages that were replayed stay where they lie until consumers are done with them.
import { type Effect, type Group } from './group.js';

export function truncationIfDue({ replay }: Group): Effect[] {
  const reached = replay.progress.reached();
  const before = reached ? reached.place + 1 : 0;
  if (before <= replay.truncatedBefore) return [];
  replay.truncatedBefore = before;
  return [{ kind: 'truncate parked', before }];
}
