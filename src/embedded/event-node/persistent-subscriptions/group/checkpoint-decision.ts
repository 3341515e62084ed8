// When a group writes a checkpoint: at once when much is done, on a tick when enough is done and
// some time has passed. The first one does not wait for time to pass.
import { type GroupSettings } from './settings.js';

export interface CheckpointState {
  /** Events handled since the last checkpoint. */
  handled: number;
  /** Milliseconds since the last checkpoint; undefined before the first. */
  elapsedMs: number | undefined;
  onTick: boolean;
}

type Limits = Pick<
  GroupSettings,
  'checkpointAfterMs' | 'minCheckpointCount' | 'maxCheckpointCount'
>;

export function isCheckpointDue(
  { handled, elapsedMs, onTick }: CheckpointState,
  { checkpointAfterMs, minCheckpointCount, maxCheckpointCount }: Limits,
): boolean {
  if (handled <= 0) return false;
  if (handled >= maxCheckpointCount) return true;
  const isTime =
    checkpointAfterMs !== 0 && (elapsedMs === undefined || elapsedMs >= checkpointAfterMs);
  return onTick && isTime && handled >= minCheckpointCount;
}
