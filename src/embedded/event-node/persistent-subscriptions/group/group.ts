// The state of a group of consumers. What happens to it are the functions of arrivals.ts (events
// come), deliveries.ts (consumers come, answer and leave) and replay.ts (parked messages come
// back). All are synchronous and pure but for this state: time is told to them, and what is to be
// done outside they return as effects.
import { type Consumer } from './consumer.js';
import { type ConsumerStrategy } from './consumer-strategy.js';
import { createInFlight, type InFlight } from './in-flight.js';
import { type Message, type Place } from './message.js';
import { createProgress, type Progress } from './progress.js';
import { type GroupSettings } from './settings.js';
import { createStrategy } from './strategies.js';
import { createWaiting, type Waiting } from './waiting.js';

export type Effect =
  | { kind: 'deliver'; consumer: Consumer; message: Message }
  /** To be answered with `messageParked`, or `parkingFailed`. */
  | { kind: 'park'; message: Message; reason: string }
  | { kind: 'write checkpoint'; place: Place }
  /** Parked messages before this revision are handled. */
  | { kind: 'truncate parked'; before: number };

/** Parked messages that come back, by their revisions in the stream of the parked. */
export interface Replay {
  readonly progress: Progress<number>;
  /** The next to be read, and the one before which to stop. */
  next: number;
  stop: number;
  /** Those before are handled, as was last told. */
  truncatedBefore: number;
}

export interface Group {
  readonly settings: GroupSettings;
  readonly consumers: Set<Consumer>;
  readonly strategy: ConsumerStrategy;
  readonly waiting: Waiting;
  readonly inFlight: InFlight;
  readonly progress: Progress<Place>;
  /** A live group is given every event as it is committed; one that is behind reads history. */
  isLive: boolean;
  /** Whether a page of history is wanted; asked anew when a page came and when consumers answer. */
  wantsHistory: boolean;
  checkpoint: { place: Place | undefined; count: number; atMs: number | undefined };
  replay: Replay;
  lastKnown: Place | undefined;
  /** Messages sent, again or for the first time. */
  totalItems: number;
  itemsSinceTick: number;
  liveEvents: number;
}

/** `checkpoint`: the place after which to go on. */
export function createGroup(settings: GroupSettings, checkpoint: Place | undefined): Group {
  return {
    settings,
    consumers: new Set(),
    strategy: createStrategy(settings.strategy),
    waiting: createWaiting(),
    inFlight: createInFlight(),
    progress: createProgress(checkpoint),
    isLive: false,
    wantsHistory: true,
    checkpoint: { place: checkpoint, count: 0, atMs: undefined },
    replay: { progress: createProgress<number>(undefined), next: 0, stop: 0, truncatedBefore: 0 },
    lastKnown: undefined,
    totalItems: 0,
    itemsSinceTick: 0,
    liveEvents: 0,
  };
}

/** What is committed from now on is read as history. */
export function fallBehind(group: Group): void {
  if (!group.isLive) return;
  group.isLive = false;
  askForHistory(group);
}

/** Wants a page of history if the group is behind and has room for one. */
export function askForHistory(group: Group): void {
  const room = bufferSize(group) - group.waiting.fresh - group.waiting.retries;
  group.wantsHistory = !group.isLive && room > group.settings.readBatchSize;
}

/** How many messages may wait, whatever was asked for: each takes memory. */
export const bufferSize = ({ settings }: Group) =>
  Math.min(settings.historyBufferSize, WAITING_MAX);

const WAITING_MAX = 100_000;
