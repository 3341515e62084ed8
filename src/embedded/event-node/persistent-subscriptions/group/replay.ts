// Parked messages come back: read page by page while there is room, and delivered like messages
// that are tried again, as if for the first time.
import { deliverWaiting } from './deliveries.js';
import { type Effect, type Group } from './group.js';
import { type Arrival } from './message.js';
import { truncationIfDue } from './truncation.js';

/** Reading stops while so many messages wait to be tried again. */
const WAITING_MAX = 500;

export interface ParkedMessage extends Omit<Arrival, 'place'> {
  /** In the stream of the parked messages. */
  revision: number;
}

/** Replays what is parked from `first` on and before `stop`, unless that was replayed already. */
export function replayAsked({ replay }: Group, range: { first: number; stop: number }): void {
  replay.next = Math.max(replay.next, range.first);
  replay.stop = Math.max(replay.stop, range.stop);
}

export const isReplaying = ({ replay }: Group) => replay.next < replay.stop;

export const wantsParked = (group: Group) =>
  isReplaying(group) && group.waiting.retries < WAITING_MAX;

/** `next`: the revision at which the following page begins. */
export function parkedRead(
  group: Group,
  page: { messages: ParkedMessage[]; next: number },
  nowMs: number,
): Effect[] {
  const { progress } = group.replay;
  for (const { revision, ...message } of page.messages) {
    const ticket = progress.begin(revision);
    group.waiting.addRetry({ ...message, ticket, retryCount: 0, isReplayed: true });
  }
  group.replay.next = page.next;
  return [...deliverWaiting(group, nowMs), ...truncationIfDue(group)];
}
