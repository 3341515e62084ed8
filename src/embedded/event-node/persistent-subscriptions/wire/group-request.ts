// Requests to create or update a group, checked for what they must hold and in plain terms. Both
// have the same form, but for the filter and the name of the strategy, which only creation has.
import type persistent from '@eventstore/db-client/generated/persistent_pb.js';
import { handlerError, invalidArgument, unknownError } from '../../errors.js';
import { createFilter, type FilterExpression } from '../../filter.js';
import { fromWire } from '../../read-request.js';
import { ALL } from '../config.js';
import { type AskedGroup } from '../group-checks.js';
import { type Place } from '../group/message.js';
import { STRATEGY_NAMES } from '../group/settings.js';
import { END_OF_ALL, END_OF_STREAM, placeInAll, START_OF_ALL, START_OF_STREAM } from '../place.js';
import { streamNameOf } from './names.js';

type CreateRequest = InstanceType<typeof persistent.CreateReq>;
type UpdateRequest = InstanceType<typeof persistent.UpdateReq>;
type Options =
  | NonNullable<ReturnType<CreateRequest['getOptions']>>
  | NonNullable<ReturnType<UpdateRequest['getOptions']>>;
type Settings = NonNullable<ReturnType<Options['getSettings']>>;
type StreamOptions = NonNullable<ReturnType<Options['getStream']>>;
type AllOptions = NonNullable<ReturnType<Options['getAll']>>;
type CreateAllOptions = InstanceType<typeof persistent.CreateReq.AllOptions>;
type FilterOptions = NonNullable<ReturnType<CreateAllOptions['getFilter']>>;

/** Values that generated messages have for the cases of a oneof. */
const SOURCE_CASE = { stream: 4, all: 5 };
const STREAM_START_CASE = { revision: 2, start: 3, end: 4 };
const ALL_START_CASE = { position: 1, start: 2, end: 3 };
const FILTER_CASE = { stream: 1, type: 2 };
const TIME_CASE = { timeoutMs: 14, checkpointMs: 15 };
const TICKS_PER_MS = 10_000;
const NAMESPACE = 'EventStore.Client.PersistentSubscriptions';

export function createRequest(request: CreateRequest): AskedGroup {
  const options = request.getOptions();
  const settings = options?.getSettings();
  if (!options || !settings) throw handlerError();
  const filter = options.getAll()?.getFilter();
  return {
    ...sourceOf(options, settings, 'Create'),
    group: options.getGroupName(),
    filter: filter && filterOf(filter),
    settings: settingsOf(settings, settings.getConsumerStrategy()),
  };
}

export function updateRequest(request: UpdateRequest): AskedGroup {
  const options = request.getOptions();
  const settings = options?.getSettings();
  if (!options || !settings) throw handlerError();
  return {
    ...sourceOf(options, settings, 'Update'),
    group: options.getGroupName(),
    filter: undefined,
    settings: settingsOf(settings, ''),
  };
}

type Method = 'Create' | 'Update';

function sourceOf(
  options: Options,
  settings: Settings,
  method: Method,
): { stream: string; startFrom: Place } {
  switch (Number(options.getStreamOptionCase())) {
    case SOURCE_CASE.all: {
      const all = options.getAll();
      return { stream: ALL, startFrom: all ? startInAll(all, method) : START_OF_ALL };
    }
    case SOURCE_CASE.stream: {
      const named = options.getStream();
      const stream = checkedStream(streamNameOf(named?.getStreamIdentifier()), method);
      return { stream, startFrom: named ? startInStream(named, method) : START_OF_STREAM };
    }
    default: {
      // The deprecated form, which is all that the official client sends.
      const stream = checkedStream(streamNameOf(options.getStreamIdentifier()), method);
      return { stream, startFrom: revisionPlace(settings.getRevision()) };
    }
  }
}

/** $all has a form of its own, and cannot be asked for by its name. */
function checkedStream(stream: string, method: Method): string {
  if (stream === '') throw handlerError();
  if (stream === ALL) throw toAllExpected(method);
  return stream;
}

export const toAllExpected = (method: Method | 'Delete') =>
  unknownError(
    `Envelope callback expected either ${method}PersistentSubscriptionToAllCompleted or ` +
      `NotHandled, received ${method}PersistentSubscriptionToStreamCompleted instead`,
  );

function startInStream(stream: StreamOptions, method: Method): Place {
  switch (Number(stream.getRevisionOptionCase())) {
    case STREAM_START_CASE.revision:
      return revisionPlace(stream.getRevision());
    case STREAM_START_CASE.start:
      return START_OF_STREAM;
    case STREAM_START_CASE.end:
      return END_OF_STREAM;
    default:
      throw unset(method, 'Stream', 'RevisionOption');
  }
}

function startInAll(all: AllOptions, method: Method): Place {
  switch (Number(all.getAllOptionCase())) {
    case ALL_START_CASE.position:
      return positionPlace(all.getPosition());
    case ALL_START_CASE.start:
      return START_OF_ALL;
    case ALL_START_CASE.end:
      return END_OF_ALL;
    default:
      throw method === 'Create' ? unset('Create', 'All', 'AllOption') : handlerError();
  }
}

function revisionPlace(revision: string): Place {
  const first = fromWire(revision);
  return first === 'end' ? END_OF_STREAM : String(first);
}

function positionPlace(position: ReturnType<AllOptions['getPosition']>): Place {
  const commit = position?.getCommitPosition() ?? '0';
  const prepare = position?.getPreparePosition() ?? '0';
  if (BigInt(prepare) > BigInt(commit)) throw handlerError();
  const signed = (text: string) => {
    const value = fromWire(text);
    return value === 'end' ? -1 : value;
  };
  return placeInAll({ commit: signed(commit), prepare: signed(prepare) });
}

/** What the real server says of a oneof that is not set. */
const unset = (method: Method, source: 'Stream' | 'All', oneof: string) =>
  invalidArgument(
    `'None' is not a valid ${NAMESPACE}.${method}Req+Types+${source}Options+${oneof}OneofCase`,
  );

function filterOf(filter: FilterOptions): FilterExpression {
  const filterCase = Number(filter.getFilterCase());
  if (filterCase === 0) throw unset('Create', 'All', 'Types+FilterOptions+Filter');
  const onStream = filterCase === FILTER_CASE.stream;
  const expression = onStream ? filter.getStreamIdentifier() : filter.getEventType();
  const asked: FilterExpression = {
    on: onStream ? 'stream' : 'type',
    regex: expression?.getRegex() ?? '',
    prefixes: expression?.getPrefixList() ?? [],
  };
  // Throws if the expression cannot be run.
  createFilter(asked);
  return asked;
}

function settingsOf(settings: Settings, strategy: string): AskedGroup['settings'] {
  const number = Number(settings.getNamedConsumerStrategy());
  const timeoutInMs = Number(settings.getMessageTimeoutCase()) === TIME_CASE.timeoutMs;
  const checkpointInMs = Number(settings.getCheckpointAfterCase()) === TIME_CASE.checkpointMs;
  return {
    resolveLinks: settings.getResolveLinks(),
    extraStatistics: settings.getExtraStatistics(),
    messageTimeoutMs: timeoutInMs
      ? settings.getMessageTimeoutMs()
      : milliseconds(settings.getMessageTimeoutTicks()),
    maxRetryCount: settings.getMaxRetryCount(),
    liveBufferSize: settings.getLiveBufferSize(),
    historyBufferSize: settings.getHistoryBufferSize(),
    readBatchSize: settings.getReadBatchSize(),
    checkpointAfterMs: checkpointInMs
      ? settings.getCheckpointAfterMs()
      : milliseconds(settings.getCheckpointAfterTicks()),
    minCheckpointCount: settings.getMinCheckpointCount(),
    maxCheckpointCount: settings.getMaxCheckpointCount(),
    maxSubscriberCount: settings.getMaxSubscriberCount(),
    strategy: strategy || (STRATEGY_NAMES.slice(0, -1)[number] ?? String(number)),
  };
}

const milliseconds = (ticks: string) => Math.trunc(Number(ticks) / TICKS_PER_MS);
