// The settings of a group, as they were asked for: most values are taken as given.

/** The first three in the order of the numbers that requests may give instead. */
export const STRATEGY_NAMES = [
  'DispatchToSingle',
  'RoundRobin',
  'Pinned',
  'PinnedByCorrelation',
] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

export interface GroupSettings {
  resolveLinks: boolean;
  /** Measures how long consumers take. */
  extraStatistics: boolean;
  /** Zero or less: a message expires at the next tick. */
  messageTimeoutMs: number;
  /** A message that fails more often is parked. */
  maxRetryCount: number;
  /** Only limits what is shown: live events are read from the log like old ones. */
  liveBufferSize: number;
  /** How many events wait for consumers before reading stops. */
  historyBufferSize: number;
  readBatchSize: number;
  /** Zero: never by time. */
  checkpointAfterMs: number;
  minCheckpointCount: number;
  maxCheckpointCount: number;
  /** Zero: any number. */
  maxSubscriberCount: number;
  strategy: StrategyName;
}
