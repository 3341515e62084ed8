// A group of consumers to be told what happens, and what it did in short texts: 'a <- 3',
// 'a <- 3 (retry 1)', 'park 3: <reason>', 'checkpoint 3', 'truncate parked before 3'.
import {
  eventCommitted,
  historyRead,
} from '../../src/embedded/event-node/persistent-subscriptions/group/arrivals.js';
import {
  createConsumer,
  type Consumer,
} from '../../src/embedded/event-node/persistent-subscriptions/group/consumer.js';
import {
  acknowledged,
  consumerConnected,
  consumerLeft,
  deliverWaiting,
  messageParked,
  notAcknowledged,
  parkingFailed,
  ticked,
  type NackAction,
} from '../../src/embedded/event-node/persistent-subscriptions/group/deliveries.js';
import {
  createGroup,
  type Effect,
} from '../../src/embedded/event-node/persistent-subscriptions/group/group.js';
import {
  parkedRead,
  replayAsked,
} from '../../src/embedded/event-node/persistent-subscriptions/group/replay.js';
import { type GroupSettings } from '../../src/embedded/event-node/persistent-subscriptions/group/settings.js';

export const GROUP_SETTINGS: GroupSettings = {
  resolveLinks: false,
  extraStatistics: false,
  messageTimeoutMs: 30_000,
  maxRetryCount: 10,
  liveBufferSize: 500,
  historyBufferSize: 500,
  readBatchSize: 20,
  checkpointAfterMs: 2000,
  minCheckpointCount: 10,
  maxCheckpointCount: 1000,
  maxSubscriberCount: 0,
  strategy: 'RoundRobin',
};

const arrival = (revision: number, partition = 's') => ({
  id: `e${revision}`,
  place: String(revision),
  position: revision,
  target: undefined,
  partition,
});

/** Events are known by their revisions, consumers by names; `now` is set by the test. */
export function givenGroup(settings: Partial<GroupSettings> = {}, checkpoint?: string) {
  const group = createGroup({ ...GROUP_SETTINGS, ...settings }, checkpoint);
  const consumers = new Map<string, Consumer>();
  const clock = { now: 0 };
  const parking: (Effect & { kind: 'park' })[] = [];

  const consumer = (name: string) => {
    const found = consumers.get(name);
    if (!found) throw new Error(`no consumer ${name}`);
    return found;
  };
  const ids = (revisions: number[]) => revisions.map((revision) => `e${revision}`);
  const shown = (effects: Effect[]) =>
    effects.map((effect) => {
      switch (effect.kind) {
        case 'deliver': {
          const { id, retryCount, isReplayed } = effect.message;
          const name = isReplayed ? `parked ${id.slice(1)}` : id.slice(1);
          const retry = retryCount === 0 ? '' : ` (retry ${retryCount})`;
          return `${effect.consumer.connectionName} <- ${name}${retry}`;
        }
        case 'park':
          parking.push(effect);
          return `park ${effect.message.id.slice(1)}: ${effect.reason}`;
        case 'write checkpoint':
          return `checkpoint ${effect.place}`;
        case 'truncate parked':
          return `truncate parked before ${effect.before}`;
      }
    });
  const parkings = () => parking.splice(0, parking.length);
  return {
    group,
    clock,
    history: (revisions: number[], atEnd = true) =>
      shown(historyRead(group, { considered: revisions.map((n) => arrival(n)), atEnd }, clock.now)),
    /** Committed one after the other; partitions as given, else all the same. */
    live: (revisions: number[], partitionOf: (revision: number) => string = () => 's') =>
      revisions.flatMap((n) =>
        shown(eventCommitted(group, arrival(n, partitionOf(n)), clock.now).effects),
      ),
    filteredOut: (revision: number) =>
      shown(eventCommitted(group, { filteredOut: String(revision) }, clock.now).effects),
    connect: (name: string, slots: number) => {
      consumers.set(name, createConsumer({ user: 'u', connectionName: name, slots }));
      return shown(consumerConnected(group, consumer(name), clock.now));
    },
    leave: (name: string) => shown(consumerLeft(group, consumer(name), clock.now)),
    pause: (name: string) => {
      consumer(name).isPaused = true;
    },
    resume: (name: string) => {
      consumer(name).isPaused = false;
      return shown(deliverWaiting(group, clock.now));
    },
    consumer,
    ack: (...revisions: number[]) => shown(acknowledged(group, ids(revisions), clock.now)),
    nack: (action: NackAction, revisions: number[], reason = '') =>
      shown(notAcknowledged(group, { ids: ids(revisions), action, reason }, clock.now)),
    /** What was asked to be parked is on disk now. */
    parked: () =>
      parkings().flatMap(({ message }) => shown(messageParked(group, message, clock.now))),
    parkingFails: () =>
      parkings().flatMap(({ message }) => shown(parkingFailed(group, message, clock.now))),
    tickAt: (now: number) => {
      clock.now = now;
      return shown(ticked(group, now));
    },
    replay: (first: number, stop: number) => replayAsked(group, { first, stop }),
    /** A page of the parked, whose ids are those of the links. */
    parkedPage: (revisions: number[], next: number) => {
      const messages = revisions.map((revision) => ({
        ...{ id: `e${revision}`, position: revision, target: revision, partition: 's', revision },
      }));
      return shown(parkedRead(group, { messages, next }, clock.now));
    },
  };
}
