// One group in the configuration event, in the form of the real server: nothing, zero and false are
// left out. Two fields are ours: `endedAt`, and `prefixes` where the text of a filter would not tell.
import { type FilterExpression } from '../../filter.js';
import { ALL, type GroupConfig } from '../config.js';
import { type StrategyName } from '../group/settings.js';

/** All fields in their order. */
export interface ConfigEntry {
  stream: string;
  group: string;
  filter?: FilterEntry | undefined;
  resolveLinkTos?: boolean;
  extraStatistics?: boolean;
  messageTimeout?: number;
  /** Only to be seen: `startPosition` says it. */
  startFrom?: string | number;
  startPosition: string;
  endedAt?: string | undefined;
  liveBufferSize?: number;
  historyBufferSize?: number;
  maxRetryCount?: number;
  readBatchSize?: number;
  checkPointAfter?: number;
  minCheckPointCount?: number;
  maxCheckPointCount?: number;
  maxSubscriberCount?: number;
  namedConsumerStrategy: StrategyName;
}

interface FilterEntry {
  context: 'streamid' | 'eventtype';
  type: 'prefix' | 'regex';
  data: string;
  isAllStream: true;
  prefixes?: string[] | undefined;
}

/** What stands for "not a revision": a number that JSON text can hold, but a double cannot. */
export const NO_REVISION = '-9223372036854775808';

export function toEntry({ stream, group, filter, startFrom, endedAt, settings }: GroupConfig) {
  const entry: ConfigEntry = {
    stream,
    group,
    filter: filter && toFilterEntry(filter),
    resolveLinkTos: settings.resolveLinks,
    extraStatistics: settings.extraStatistics,
    messageTimeout: settings.messageTimeoutMs,
    startFrom: stream === ALL ? NO_REVISION : Number(startFrom),
    startPosition: startFrom,
    endedAt,
    liveBufferSize: settings.liveBufferSize,
    historyBufferSize: settings.historyBufferSize,
    maxRetryCount: settings.maxRetryCount,
    readBatchSize: settings.readBatchSize,
    checkPointAfter: settings.checkpointAfterMs,
    minCheckPointCount: settings.minCheckpointCount,
    maxCheckPointCount: settings.maxCheckpointCount,
    maxSubscriberCount: settings.maxSubscriberCount,
    namedConsumerStrategy: settings.strategy,
  };
  const told = Object.entries(entry).filter(([, value]) => value !== 0 && value !== false);
  return Object.fromEntries(told);
}

export function fromEntry(entry: ConfigEntry): GroupConfig {
  return {
    stream: entry.stream,
    group: entry.group,
    filter: entry.filter && fromFilterEntry(entry.filter),
    startFrom: entry.startPosition,
    endedAt: entry.endedAt,
    settings: {
      resolveLinks: entry.resolveLinkTos ?? false,
      extraStatistics: entry.extraStatistics ?? false,
      messageTimeoutMs: entry.messageTimeout ?? 0,
      maxRetryCount: entry.maxRetryCount ?? 0,
      liveBufferSize: entry.liveBufferSize ?? 0,
      historyBufferSize: entry.historyBufferSize ?? 0,
      readBatchSize: entry.readBatchSize ?? 0,
      checkpointAfterMs: entry.checkPointAfter ?? 0,
      minCheckpointCount: entry.minCheckPointCount ?? 0,
      maxCheckpointCount: entry.maxCheckPointCount ?? 0,
      maxSubscriberCount: entry.maxSubscriberCount ?? 0,
      strategy: entry.namedConsumerStrategy,
    },
  };
}

function toFilterEntry({ on, regex, prefixes }: FilterExpression): FilterEntry {
  const data = regex === '' ? prefixes.join(',') : regex;
  const isTold = regex !== '' || data.split(',').join('\0') === prefixes.join('\0');
  return {
    context: on === 'stream' ? 'streamid' : 'eventtype',
    type: regex === '' ? 'prefix' : 'regex',
    data,
    isAllStream: true,
    // "a,b" is one prefix or two, and "" is none or the empty one.
    prefixes: isTold && (regex !== '' || prefixes.length > 0) ? undefined : prefixes,
  };
}

function fromFilterEntry({ context, type, data, prefixes }: FilterEntry): FilterExpression {
  return {
    on: context === 'streamid' ? 'stream' : 'type',
    regex: type === 'regex' ? data : '',
    prefixes: type === 'regex' ? [] : (prefixes ?? data.split(',')),
  };
}
