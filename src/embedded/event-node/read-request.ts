// What a Read request asks for, checked and in plain terms. Refusals have the texts of the real
// server.
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { ALL_STREAM } from './security/access-decision.js';
import { createFilter, type EventFilter } from './filter.js';
import { handlerError, invalidArgument } from './errors.js';
import { type LogPosition } from './read-response.js';
import { type UuidForm } from './uuid.js';

export type ReadMessage = InstanceType<typeof streams.ReadReq>;
type Options = NonNullable<ReturnType<ReadMessage['getOptions']>>;
type FilterOptions = NonNullable<ReturnType<Options['getFilter']>>;

/** A place where a read begins; numbers from the wire may lie beyond everything stored. */
export type StreamStart = number | 'start' | 'end' | 'unset';
export type AllStart = LogPosition | 'start' | 'end' | 'unset';

export type ReadSource =
  | { kind: 'stream'; name: string; from: StreamStart }
  | { kind: 'all'; from: AllStart; filter: ReadFilter | undefined };

export interface ReadFilter extends EventFilter {
  window: number;
  checkpointIntervalMultiplier: number;
}

export interface ReadRequest {
  source: ReadSource;
  mode: { kind: 'count'; count: number } | { kind: 'subscription' };
  backwards: boolean;
  /** Links are sent with what they stand for. */
  resolveLinks: boolean;
  uuidForm: UuidForm;
  /** From 1 on, reads of a stream also say where the stream ends. */
  compatibility: number;
}

/** Values that generated messages have for the cases of a oneof. */
const STREAM_CASE = { none: 0, stream: 1 };
const COUNT_CASE = { none: 0, count: 5 };
const FILTER_CASE = { none: 0, filter: 7 };
const START_CASE = {
  stream: { revision: 2, start: 3, end: 4 },
  all: { position: 1, start: 2, end: 3 },
};
const EXPRESSION_CASE = { none: 0, stream: 1 };
const WINDOW_CASE = { none: 0, max: 3 };
const UUID_STRING_CASE = 2;

const OPTIONS_TYPE = 'EventStore.Client.Streams.ReadReq+Types+Options';
/** The window of a filter that names none, as the real server has it. */
const DEFAULT_WINDOW = 32;
const UNSIGNED_MAX = 2n ** 64n - 1n;
const SIGNED_MAX = 2n ** 63n - 1n;

export function parseReadRequest(message: ReadMessage): ReadRequest {
  const options = message.getOptions();
  if (!options) throw handlerError();
  const uuidOption = options.getUuidOption();
  // The real server's text is lost on the way to Node clients, because it begins with a space.
  if (!uuidOption) throw invalidArgument('');
  const streamCase = Number(options.getStreamOptionCase());
  if (streamCase === STREAM_CASE.none) {
    throw invalidArgument(`'None' is not a valid ${OPTIONS_TYPE}+StreamOptionOneofCase`);
  }
  const isStream = streamCase === STREAM_CASE.stream;
  checkCombination(options, isStream);
  const source: ReadSource = isStream ? streamSource(options) : allSource(options);
  const isCount = Number(options.getCountOptionCase()) === COUNT_CASE.count;
  return {
    source,
    mode: isCount ? { kind: 'count', count: Number(options.getCount()) } : { kind: 'subscription' },
    backwards: Number(options.getReadDirection()) === 1,
    resolveLinks: options.getResolveLinks(),
    uuidForm: Number(uuidOption.getContentCase()) === UUID_STRING_CASE ? 'string' : 'structured',
    compatibility: options.getControlOption()?.getCompatibility() ?? 0,
  };
}

function checkCombination(options: Options, isStream: boolean): void {
  const countCase = Number(options.getCountOptionCase());
  const filterCase = Number(options.getFilterOptionCase());
  const direction = Number(options.getReadDirection());
  const isSubscription = countCase !== COUNT_CASE.none && countCase !== COUNT_CASE.count;
  const valid =
    countCase !== COUNT_CASE.none &&
    filterCase !== FILTER_CASE.none &&
    (direction === 0 || (direction === 1 && !isSubscription)) &&
    !(isStream && filterCase === FILTER_CASE.filter);
  if (valid) return;
  const names = [
    isStream ? 'Stream' : 'All',
    isSubscription ? 'Subscription' : countCase === COUNT_CASE.count ? 'Count' : 'None',
    ['Forwards', 'Backwards'][direction] ?? String(direction),
    filterCase === FILTER_CASE.none
      ? 'None'
      : filterCase === FILTER_CASE.filter
        ? 'Filter'
        : 'NoFilter',
  ];
  throw invalidArgument(`The combination of (${names.join(', ')}) is invalid.`);
}

/** The name of the stream that a request is about, `$all` among them, if it names one. */
export function streamToRead(message: ReadMessage): string | undefined {
  const options = message.getOptions();
  if (options?.hasAll()) return ALL_STREAM;
  return options?.hasStream() ? nameIn(options) : undefined;
}

function nameIn(options: Options): string {
  const identifier = options.getStream()?.getStreamIdentifier();
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();
}

function streamSource(options: Options): ReadSource {
  const stream = options.getStream();
  const name = nameIn(options);
  if (!stream || name === '') throw handlerError();
  switch (Number(stream.getRevisionOptionCase())) {
    case START_CASE.stream.revision:
      return { kind: 'stream', name, from: fromWire(stream.getRevision()) };
    case START_CASE.stream.start:
      return { kind: 'stream', name, from: 'start' };
    case START_CASE.stream.end:
      return { kind: 'stream', name, from: 'end' };
    default:
      return { kind: 'stream', name, from: 'unset' };
  }
}

function allSource(options: Options): ReadSource {
  const filterOptions = options.getFilter();
  const filter = filterOptions && readFilter(filterOptions, options);
  const all = options.getAll();
  switch (Number(all?.getAllOptionCase())) {
    case START_CASE.all.position:
      return { kind: 'all', from: positionFromWire(all?.getPosition()), filter };
    case START_CASE.all.start:
      return { kind: 'all', from: 'start', filter };
    case START_CASE.all.end:
      return { kind: 'all', from: 'end', filter };
    default:
      return { kind: 'all', from: 'unset', filter };
  }
}

interface WirePosition {
  getCommitPosition(): string;
  getPreparePosition(): string;
}

function positionFromWire(position: WirePosition | undefined): AllStart {
  if (!position) return 'unset';
  if (BigInt(position.getPreparePosition()) > BigInt(position.getCommitPosition())) {
    throw handlerError();
  }
  const commit = fromWire(position.getCommitPosition());
  const prepare = fromWire(position.getPreparePosition());
  if (commit === 'end' && prepare === 'end') return 'end';
  return { commit: commit === 'end' ? -1 : commit, prepare: prepare === 'end' ? -1 : prepare };
}

/** Numbers on the wire are unsigned, but stand for signed ones; the greatest stands for the end. */
export function fromWire(value: string): number | 'end' {
  const number = BigInt(value);
  if (number === UNSIGNED_MAX) return 'end';
  if (number > SIGNED_MAX) throw handlerError();
  return Number(number);
}

function readFilter(filter: FilterOptions, options: Options): ReadFilter {
  const multiplier = filter.getCheckpointintervalmultiplier();
  const windowCase = Number(filter.getWindowCase());
  if (Number(filter.getFilterCase()) === EXPRESSION_CASE.none) {
    throw invalidArgument(
      `'${shownFilter(filter)}' is not a valid ${OPTIONS_TYPE}+Types+FilterOptions`,
    );
  }
  if (windowCase === WINDOW_CASE.none) {
    throw invalidArgument(
      `'None' is not a valid ${OPTIONS_TYPE}+Types+FilterOptions+WindowOneofCase`,
    );
  }
  const isSubscription = Number(options.getCountOptionCase()) !== COUNT_CASE.count;
  if (isSubscription && multiplier === 0) throw handlerError();
  const onStream = Number(filter.getFilterCase()) === EXPRESSION_CASE.stream;
  const expression = onStream ? filter.getStreamIdentifier() : filter.getEventType();
  const { passes } = createFilter({
    on: onStream ? 'stream' : 'type',
    regex: expression?.getRegex() ?? '',
    prefixes: expression?.getPrefixList() ?? [],
  });
  const window = windowCase === WINDOW_CASE.max ? filter.getMax() : DEFAULT_WINDOW;
  return { passes, window, checkpointIntervalMultiplier: multiplier };
}

/** A filter without an expression, as the real server shows it. */
function shownFilter(filter: FilterOptions): string {
  const multiplier = filter.getCheckpointintervalmultiplier();
  const windowCase = Number(filter.getWindowCase());
  const parts = [
    ...(windowCase === WINDOW_CASE.none
      ? []
      : [windowCase === WINDOW_CASE.max ? `"max": ${filter.getMax()}` : '"count": { }']),
    ...(multiplier === 0 ? [] : [`"checkpointIntervalMultiplier": ${multiplier}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}
