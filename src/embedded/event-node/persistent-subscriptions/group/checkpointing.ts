// The checkpoint of a group: the last event before the lowest that is waiting, in flight or being
// parked.
import { isCheckpointDue } from './checkpoint-decision.js';
import { type Effect, type Group } from './group.js';

export function checkpointIfDue(
  { progress, checkpoint, settings }: Group,
  nowMs: number,
  onTick: boolean,
): Effect[] {
  const reached = progress.reached();
  if (!reached) return [];
  const handled = reached.count - checkpoint.count;
  const elapsedMs = checkpoint.atMs === undefined ? undefined : nowMs - checkpoint.atMs;
  if (!isCheckpointDue({ handled, elapsedMs, onTick }, settings)) return [];
  checkpoint.place = reached.place;
  checkpoint.count = reached.count;
  checkpoint.atMs = nowMs;
  return [{ kind: 'write checkpoint', place: reached.place }];
}
