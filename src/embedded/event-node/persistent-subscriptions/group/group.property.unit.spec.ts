// Whatever happens in whatever order, a group loses nothing. Method: random histories of commits,
// consumers that come, answer and leave, ticks, parkings and restarts, against a naive account of
// what was handled; in the end one good consumer takes what is left.
import fc from 'fast-check';
import { GROUP_SETTINGS } from '../../../../../test/support/persistent-group.js';
import { eventCommitted, historyRead, type Considered } from './arrivals.js';
import { createConsumer, type Consumer } from './consumer.js';
import {
  acknowledged,
  consumerConnected,
  consumerLeft,
  messageParked,
  notAcknowledged,
  parkingFailed,
  ticked,
} from './deliveries.js';
import { createGroup, type Effect } from './group.js';
import { type Message } from './message.js';
import { STRATEGY_NAMES, type GroupSettings } from './settings.js';

const CONSUMERS = ['a', 'b', 'c'];
const which = fc.nat(50);

const step = fc.oneof(
  fc.record({
    kind: fc.constant('commit' as const),
    passes: fc.array(fc.boolean(), { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('connect' as const),
    name: fc.constantFrom(...CONSUMERS),
    slots: fc.nat(4),
  }),
  fc.record({ kind: fc.constant('leave' as const), name: fc.constantFrom(...CONSUMERS) }),
  fc.record({ kind: fc.constant('ack' as const), which }),
  fc.record({
    kind: fc.constant('nack' as const),
    which,
    action: fc.constantFrom('park' as const, 'retry' as const, 'skip' as const),
  }),
  fc.record({ kind: fc.constant('parking' as const), succeeds: fc.boolean() }),
  fc.record({ kind: fc.constant('tick' as const), ms: fc.nat(2000) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const settings = fc.record({
  strategy: fc.constantFrom(...STRATEGY_NAMES),
  historyBufferSize: fc.integer({ min: 2, max: 6 }),
  readBatchSize: fc.integer({ min: 0, max: 1 }),
  maxRetryCount: fc.nat(2),
  messageTimeoutMs: fc.constantFrom(0, 1500, 100_000),
  minCheckpointCount: fc.integer({ min: 1, max: 3 }),
  maxCheckpointCount: fc.integer({ min: 1, max: 4 }),
});

/** A log of events, of which some pass; what a group was given, and what became of it. */
function createWorld(over: Partial<GroupSettings>) {
  const log: Considered[] = [];
  const handled = new Set<string>();
  const consumers = new Map<string, Consumer>();
  const inFlight = new Map<string, { consumer: Consumer; sentAtMs: number }>();
  let parking: Message[] = [];
  let stored: string | undefined;
  let group = createGroup({ ...GROUP_SETTINGS, ...over }, stored);
  let next = 0;
  let now = 0;

  const perform = (effect: Effect) => {
    switch (effect.kind) {
      case 'deliver': {
        const { message, consumer } = effect;
        expect(inFlight.has(message.id)).toBe(false);
        inFlight.set(message.id, { consumer, sentAtMs: now });
        expect(consumer.inFlight).toBeLessThanOrEqual(consumer.slots);
        return;
      }
      case 'park':
        parking.push(effect.message);
        return;
      case 'write checkpoint': {
        stored = effect.place;
        const covered = log.slice(0, Number(stored) + 1);
        const ids = covered.flatMap((event) => ('id' in event ? [event.id] : []));
        expect(ids.filter((id) => !handled.has(id))).toEqual([]);
        return;
      }
      case 'truncate parked':
        throw new Error('nothing was replayed');
    }
  };
  const readHistory = () => {
    while (group.wantsHistory) {
      const considered = log.slice(next, next + 2);
      next += considered.length;
      historyRead(group, { considered, atEnd: next === log.length }, now).forEach(perform);
    }
  };
  const apply = (effects: Effect[]) => {
    effects.forEach(perform);
    readHistory();
  };
  const left = (consumer: Consumer) => {
    for (const [id, delivery] of inFlight) if (delivery.consumer === consumer) inFlight.delete(id);
    return consumerLeft(group, consumer, now);
  };
  readHistory();
  return {
    commit: (passes: boolean) => {
      const place = String(log.length);
      const ids = { id: place, place, position: log.length, target: undefined, partition: place };
      log.push(passes ? ids : { filteredOut: place });
      const event = log[log.length - 1];
      if (!event) return;
      if (next < log.length - 1) {
        expect(group.isLive).toBe(false);
        return;
      }
      const { taken, effects } = eventCommitted(group, event, now);
      if (taken) next = log.length;
      apply(effects);
    },
    connect: (name: string, slots: number) => {
      if (consumers.has(name)) return;
      const consumer = createConsumer({ user: 'u', connectionName: name, slots });
      consumers.set(name, consumer);
      apply(consumerConnected(group, consumer, now));
    },
    leave: (name: string) => {
      const consumer = consumers.get(name);
      consumers.delete(name);
      if (consumer) apply(left(consumer));
    },
    /** The n-th message in flight, counted around. */
    answer: (n: number, action: 'ack' | 'park' | 'retry' | 'skip') => {
      const id = [...inFlight.keys()][n % inFlight.size];
      if (id === undefined) return;
      inFlight.delete(id);
      if (action === 'ack' || action === 'skip') handled.add(id);
      if (action === 'ack') apply(acknowledged(group, [id], now));
      else apply(notAcknowledged(group, { ids: [id], action, reason: '' }, now));
    },
    parking: (succeeds: boolean) => {
      for (const message of parking.splice(0)) {
        if (succeeds) handled.add(message.id);
        apply((succeeds ? messageParked : parkingFailed)(group, message, now));
      }
    },
    tick: (ms: number) => {
      now += ms;
      const { messageTimeoutMs } = group.settings;
      for (const [id, { sentAtMs }] of inFlight) {
        if (sentAtMs + messageTimeoutMs <= now) inFlight.delete(id);
      }
      apply(ticked(group, now));
    },
    restart: () => {
      consumers.clear();
      inFlight.clear();
      parking = [];
      group = createGroup(group.settings, stored);
      next = stored === undefined ? 0 : Number(stored) + 1;
      readHistory();
    },
    inFlight: () => inFlight.size,
    parkings: () => parking.length,
    unhandled: () =>
      log.flatMap((event) => ('id' in event && !handled.has(event.id) ? [event.id] : [])),
  };
}

type World = ReturnType<typeof createWorld>;

function play(world: World, happening: Step): void {
  switch (happening.kind) {
    case 'commit':
      return happening.passes.forEach(world.commit);
    case 'connect':
      return world.connect(happening.name, happening.slots);
    case 'leave':
      return world.leave(happening.name);
    case 'ack':
      return world.answer(happening.which, 'ack');
    case 'nack':
      return world.answer(happening.which, happening.action);
    case 'parking':
      return world.parking(happening.succeeds);
    case 'tick':
      return world.tick(happening.ms);
    case 'restart':
      return world.restart();
  }
}

it('brings every event that passes to where it is handled, and no checkpoint before that', () => {
  const happenings = fc.array(step, { minLength: 20, maxLength: 80, size: 'max' });
  fc.assert(
    fc.property(settings, happenings, (over, steps) => {
      const world = createWorld(over);
      for (const happening of steps) play(world, happening);
      CONSUMERS.forEach(world.leave);
      world.parking(true);
      world.connect('good', 1000);
      while (world.inFlight() > 0 || world.parkings() > 0) {
        world.answer(0, 'ack');
        world.parking(true);
      }
      expect(world.unhandled()).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
