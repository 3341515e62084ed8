// A group at work: gives the state of the group what happens in the log, at consumers and on the
// clock, and does what it says is to be done.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type NodeStore } from '../store/node-store.js';
import { type LogEvent } from '../store/record.js';
import { keyOf, type GroupConfig } from './config.js';
import { eventCommitted, historyRead } from './group/arrivals.js';
import { type Consumer } from './group/consumer.js';
import {
  acknowledged,
  admits,
  consumerConnected,
  consumerLeft,
  deliverWaiting,
  messageParked,
  notAcknowledged,
  parkingFailed,
  ticked,
  type Nack,
} from './group/deliveries.js';
import { createGroup, fallBehind, type Effect, type Group } from './group/group.js';
import { type Message } from './group/message.js';
import { parkedRead, replayAsked, wantsParked } from './group/replay.js';
import { openSource } from './source/open-source.js';
import { type Source } from './source/source.js';
import { createCheckpointWriter, readCheckpoint } from './storage/checkpoint-stream.js';
import { createLatestWrite } from './storage/latest-write.js';
import { park, parkedPage, parkedRange, truncateParked } from './storage/parked-stream.js';

/** The call of a consumer. */
export interface ConsumerCall {
  /** Tells the consumer that it is connected, before anything else. */
  confirm(key: string): void;
  /** False if the consumer is to be given nothing more until `resume`. */
  send(message: Message): boolean;
  /** Ends the call: the group was updated, deleted or stopped. */
  drop(): void;
}

export interface RunningGroup {
  readonly key: string;
  readonly config: GroupConfig;
  readonly group: Group;
  /** The source cannot be read, and consumers are dropped. */
  readonly isBroken: boolean;
  /** Parked messages as far as known; none until something made the group look. */
  parkedCount(): number;
  /** False if the group has as many consumers as it may have. */
  connect(consumer: Consumer, call: ConsumerCall): boolean;
  disconnect(consumer: Consumer): void;
  resume(consumer: Consumer): void;
  acknowledge(ids: string[]): void;
  refuse(nack: Nack): void;
  committed(event: LogEvent): void;
  /** Something may have been committed that `committed` is not told of. */
  lookAgain(): void;
  tick(): void;
  /** Brings parked messages back, up to but without a revision among them. */
  replay(stopAt: number | undefined): void;
  /** Drops all consumers; resolves when what is under way is written. */
  stop(): Promise<void>;
}

interface Run {
  readonly store: NodeStore;
  readonly key: string;
  readonly group: Group;
  readonly source: Source;
  readonly calls: Map<Consumer, ConsumerCall>;
  readonly checkpoints: ReturnType<typeof createCheckpointWriter>;
  readonly truncations: ReturnType<typeof createLatestWrite<number>>;
  readonly parking: Set<Promise<void>>;
  readonly reading: Set<'history' | 'parked'>;
  /** Revision after that of the last parked message, once the group looked. */
  parkedEnd: number | undefined;
  isBroken: boolean;
  isStopped: boolean;
}

const PAGE_EVENTS_MAX = 500;

export function startGroup(store: NodeStore, config: GroupConfig): RunningGroup {
  const key = keyOf(config);
  const checkpoint = readCheckpoint(store, key);
  const group = createGroup(config.settings, checkpoint);
  const run: Run = {
    ...{ store, key, group },
    source: openSource(store, config, checkpoint),
    calls: new Map(),
    checkpoints: createCheckpointWriter(store, key),
    truncations: createLatestWrite((before) => truncateParked(store, key, before)),
    parking: new Set(),
    reading: new Set(),
    parkedEnd: checkpoint === undefined ? undefined : parkedRange(store, key).end,
    isBroken: false,
    isStopped: false,
  };
  const then = (effects: Effect[]) => apply(run, effects);
  void readHistory(run);
  return {
    ...{ key, config, group },
    get isBroken() {
      return run.isBroken;
    },
    parkedCount: () => parkedCount(run),
    connect: (consumer, call) => connect(run, consumer, call),
    disconnect: (consumer) => {
      if (run.calls.delete(consumer)) then(consumerLeft(group, consumer, Date.now()));
    },
    resume: (consumer) => {
      consumer.isPaused = false;
      then(deliverWaiting(group, Date.now()));
    },
    acknowledge: (ids) => then(acknowledged(group, ids, Date.now())),
    refuse: (nack) => then(notAcknowledged(group, nack, Date.now())),
    committed: (event) => committed(run, event),
    lookAgain: () => {
      fallBehind(group);
      then([]);
    },
    tick: () => then(ticked(group, Date.now())),
    replay: (stopAt) => replay(run, stopAt),
    stop: () => stop(run),
  };
}

function apply(run: Run, effects: Effect[]): void {
  for (const effect of effects) orBreak(run, () => perform(run, effect));
  if (run.group.wantsHistory) void readHistory(run);
  if (wantsParked(run.group)) void readParked(run);
}

/** What cannot be read ends the group, not the node. */
function orBreak<T>(run: Run, work: () => T): T | undefined {
  try {
    return work();
  } catch {
    run.isBroken = true;
    dropConsumers(run);
    return undefined;
  }
}

function perform(run: Run, effect: Effect): void {
  switch (effect.kind) {
    case 'deliver': {
      const call = run.calls.get(effect.consumer);
      if (call && !call.send(effect.message)) effect.consumer.isPaused = true;
      return;
    }
    case 'park':
      return startParking(run, effect.message, effect.reason);
    case 'write checkpoint':
      return run.checkpoints.put(effect.place);
    case 'truncate parked':
      return run.truncations.put(effect.before);
  }
}

function startParking(run: Run, message: Message, reason: string): void {
  const { store, key, group, parking } = run;
  const parked = park(store, key, message, reason).then(
    (revision) => {
      run.parkedEnd = revision + 1;
      apply(run, messageParked(group, message, Date.now()));
    },
    () => apply(run, parkingFailed(group, message, Date.now())),
  );
  parking.add(parked);
  void parked.finally(() => parking.delete(parked));
}

/** Page by page, with a turn for others in between. */
async function readHistory(run: Run): Promise<void> {
  const { group, source } = run;
  const { readBatchSize } = group.settings;
  const events = Math.min(Math.max(readBatchSize, 1), PAGE_EVENTS_MAX);
  await whileWanted(run, 'history', () => {
    if (!group.wantsHistory || run.isBroken) return undefined;
    // A stream may be tombstoned, and a group may start where no record begins.
    return orBreak(run, () => historyRead(group, source.nextPage(events), Date.now()));
  });
}

async function readParked(run: Run): Promise<void> {
  const { store, key, group } = run;
  await whileWanted(run, 'parked', () => {
    if (!wantsParked(group) || run.isBroken) return undefined;
    const range = { from: group.replay.next, stop: group.replay.stop };
    return orBreak(run, () => parkedRead(group, parkedPage(store, key, range), Date.now()));
  });
}

/** Repeats a step until it has nothing to do; one loop of a kind at a time. */
async function whileWanted(
  run: Run,
  kind: 'history' | 'parked',
  step: () => Effect[] | undefined,
): Promise<void> {
  if (run.reading.has(kind)) return;
  run.reading.add(kind);
  for (;;) {
    const effects = run.isStopped ? undefined : step();
    if (!effects) break;
    apply(run, effects);
    await nextTurn();
  }
  run.reading.delete(kind);
}

function connect(run: Run, consumer: Consumer, call: ConsumerCall): boolean {
  if (!admits(run.group)) return false;
  call.confirm(run.key);
  if (run.isBroken || run.isStopped) {
    call.drop();
    return true;
  }
  run.calls.set(consumer, call);
  apply(run, consumerConnected(run.group, consumer, Date.now()));
  return true;
}

function committed(run: Run, event: LogEvent): void {
  if (run.isBroken || run.isStopped) return;
  const considered = orBreak(run, () => run.source.consider(event));
  if (!considered) return;
  const { taken, effects } = eventCommitted(run.group, considered, Date.now());
  if (taken) run.source.taken(event);
  apply(run, effects);
}

function replay(run: Run, stopAt: number | undefined): void {
  const { first, end } = parkedRange(run.store, run.key);
  run.parkedEnd = end;
  replayAsked(run.group, { first, stop: Math.min(stopAt ?? end, end) });
  void readParked(run);
}

function parkedCount({ store, key, group, parkedEnd }: Run): number {
  if (parkedEnd === undefined) return 0;
  const { first } = parkedRange(store, key);
  return Math.max(0, parkedEnd - Math.max(first, group.replay.next));
}

async function stop(run: Run): Promise<void> {
  run.isStopped = true;
  dropConsumers(run);
  await Promise.all(run.parking);
  await run.checkpoints.idle();
  await run.truncations.idle();
}

/** Nobody is left then to whom what they had could go. */
function dropConsumers({ group, calls }: Run): void {
  for (const [consumer, call] of [...calls]) {
    calls.delete(consumer);
    consumerLeft(group, consumer, Date.now());
    call.drop();
  }
}
