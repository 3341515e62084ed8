// Events come to a group: pages of history while it is behind, and each committed event once it is
// live. A live group whose consumers are slow falls behind, and reads what it missed as history.
import { checkpointIfDue } from './checkpointing.js';
import { deliverWaiting } from './deliveries.js';
import { askForHistory, bufferSize, fallBehind, type Effect, type Group } from './group.js';
import { type Arrival, type Place } from './message.js';

/** Something in a source: an event, or only the place of one that the filter holds back. */
export type Considered = Arrival | { filteredOut: Place };

/** A page of history in order; `atEnd` if nothing was committed after it yet. */
export function historyRead(
  group: Group,
  page: { considered: Considered[]; atEnd: boolean },
  nowMs: number,
): Effect[] {
  for (const considered of page.considered) consider(group, considered);
  if (page.atEnd) group.isLive = true;
  // Asked before anything is delivered: a page that consumers take at once does not call for the
  // next one, their answers do.
  askForHistory(group);
  return [...deliverWaiting(group, nowMs), ...checkpointIfDue(group, nowMs, false)];
}

/** Whether the group took it: if not, it is behind and will find it in the history. */
export function eventCommitted(
  group: Group,
  considered: Considered,
  nowMs: number,
): { taken: boolean; effects: Effect[] } {
  if (isEvent(considered)) {
    group.liveEvents += 1;
    group.lastKnown = considered.place;
    if (group.waiting.fresh >= bufferSize(group)) fallBehind(group);
  }
  if (!group.isLive) return { taken: false, effects: [] };
  consider(group, considered);
  const effects = [...deliverWaiting(group, nowMs), ...checkpointIfDue(group, nowMs, false)];
  return { taken: true, effects };
}

function consider(group: Group, considered: Considered): void {
  if (!isEvent(considered)) return group.progress.pass(considered.filteredOut);
  const { id, place, position, target, partition } = considered;
  const ticket = group.progress.begin(place);
  group.lastKnown = place;
  group.waiting.add({
    ...{ id, position, target, partition, ticket },
    retryCount: 0,
    isReplayed: false,
  });
}

const isEvent = (considered: Considered): considered is Arrival => 'id' in considered;
