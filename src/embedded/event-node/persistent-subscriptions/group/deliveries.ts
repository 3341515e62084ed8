// Messages go to consumers, and what consumers say about them, or fail to say in time.
import { checkpointIfDue } from './checkpointing.js';
import { type Consumer } from './consumer.js';
import { askForHistory, type Effect, type Group } from './group.js';
import { type Message } from './message.js';
import { truncationIfDue } from './truncation.js';

export type NackAction = 'park' | 'retry' | 'skip';

export interface Nack {
  ids: string[];
  action: NackAction;
  reason: string;
}

/** To every message that waits its consumer, while there is room. */
export function deliverWaiting(group: Group, nowMs: number): Effect[] {
  const { waiting, inFlight, strategy } = group;
  const effects: Effect[] = [];
  if (group.consumers.size === 0) return effects;
  for (const message of waiting.inOrder()) {
    const consumer = strategy.choose(message);
    if (consumer === 'nobody') break;
    if (consumer === 'later') continue;
    waiting.remove(message);
    inFlight.add({ message, consumer, sentAtMs: nowMs });
    for (const counted of [group, consumer]) {
      counted.totalItems += 1;
      counted.itemsSinceTick += 1;
    }
    effects.push({ kind: 'deliver', consumer, message });
  }
  return effects;
}

/** False if the group has as many consumers as it may have. */
export function admits({ consumers, settings }: Group): boolean {
  const { maxSubscriberCount: max } = settings;
  return max === 0 || consumers.size < max;
}

export function consumerConnected(group: Group, consumer: Consumer, nowMs: number): Effect[] {
  group.consumers.add(consumer);
  group.strategy.add(consumer);
  return deliverWaiting(group, nowMs);
}

/** What it had goes to others, however often it was tried: the consumer failed, not the message. */
export function consumerLeft(group: Group, consumer: Consumer, nowMs: number): Effect[] {
  group.consumers.delete(consumer);
  group.strategy.remove(consumer);
  for (const { message } of group.inFlight.takeAll((delivery) => delivery.consumer === consumer)) {
    retry(group, message);
  }
  return deliverWaiting(group, nowMs);
}

/** Ids that are not in flight are ignored; any consumer may answer for any other. */
export function acknowledged(group: Group, ids: string[], nowMs: number): Effect[] {
  for (const id of ids) {
    const delivery = group.inFlight.take(id);
    if (!delivery) continue;
    if (group.settings.extraStatistics) delivery.consumer.latencies.add(nowMs - delivery.sentAtMs);
    finish(group, delivery.message);
  }
  return afterAnswers(group, nowMs);
}

export function notAcknowledged(group: Group, nack: Nack, nowMs: number): Effect[] {
  const effects: Effect[] = [];
  for (const id of nack.ids) {
    const delivery = group.inFlight.take(id);
    if (!delivery) continue;
    effects.push(...nackEffects(group, delivery.message, nack));
  }
  return [...effects, ...afterAnswers(group, nowMs)];
}

function nackEffects(group: Group, message: Message, { action, reason }: Nack): Effect[] {
  switch (action) {
    case 'park':
      return [{ kind: 'park', message, reason: `Client explicitly NAK'ed message.\n${reason}` }];
    case 'retry':
      return retryOrPark(group, message);
    case 'skip':
      finish(group, message);
      return [];
  }
}

export function messageParked(group: Group, message: Message, nowMs: number): Effect[] {
  finish(group, message);
  return afterAnswers(group, nowMs);
}

/** It is not lost: a consumer gets it again. */
export function parkingFailed(group: Group, message: Message, nowMs: number): Effect[] {
  group.waiting.addRetry(message);
  return deliverWaiting(group, nowMs);
}

/** Once a second: what was not answered in time is tried again, and time makes checkpoints due. */
export function ticked(group: Group, nowMs: number): Effect[] {
  const { messageTimeoutMs } = group.settings;
  const expired = group.inFlight.takeAll(({ sentAtMs }) => sentAtMs + messageTimeoutMs <= nowMs);
  const parked = expired.flatMap(({ message }) => retryOrPark(group, message));
  for (const counted of [group, ...group.consumers]) counted.itemsSinceTick = 0;
  return [...parked, ...deliverWaiting(group, nowMs), ...checkpointIfDue(group, nowMs, true)];
}

function afterAnswers(group: Group, nowMs: number): Effect[] {
  askForHistory(group);
  return [
    ...checkpointIfDue(group, nowMs, false),
    ...truncationIfDue(group),
    ...deliverWaiting(group, nowMs),
  ];
}

function retryOrPark(group: Group, message: Message): Effect[] {
  const { maxRetryCount } = group.settings;
  if (message.retryCount >= maxRetryCount) {
    return [{ kind: 'park', message, reason: `Reached retry count of ${maxRetryCount}` }];
  }
  retry(group, message);
  return [];
}

const retry = ({ waiting }: Group, message: Message) =>
  waiting.addRetry({ ...message, retryCount: message.retryCount + 1 });

function finish({ progress, replay }: Group, { ticket, isReplayed }: Message): void {
  (isReplayed ? replay.progress : progress).end(ticket);
}
