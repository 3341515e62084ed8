// One consumer of a group, as far as the group counts: what it may have in flight, and what it had.
import { createLatencies, type Latencies } from './latencies.js';

export interface Consumer {
  readonly user: string;
  readonly connectionName: string;
  /** How many messages it may have unacknowledged. */
  readonly slots: number;
  inFlight: number;
  /** While it takes nothing off the wire it is given nothing. */
  isPaused: boolean;
  totalItems: number;
  /** Counted since the last tick. */
  itemsSinceTick: number;
  readonly latencies: Latencies;
}

export const createConsumer = (
  options: Pick<Consumer, 'user' | 'connectionName' | 'slots'>,
): Consumer => ({
  ...options,
  inFlight: 0,
  isPaused: false,
  totalItems: 0,
  itemsSinceTick: 0,
  latencies: createLatencies(),
});

export const hasRoom = (consumer: Consumer) =>
  !consumer.isPaused && consumer.inFlight < consumer.slots;
