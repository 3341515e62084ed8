// Requests about groups of persistent subscriptions.
import persistent, {
  type CreateReq,
  type ReadReq,
} from '@eventstore/db-client/generated/persistent_pb.js';
import { empty, fill, streamIdentifier, uuid } from './protobuf.js';

/** Whose events a group gets: a stream, $all, or undefined for a request that does not say. */
export const ALL = Symbol('$all');
export type Source = string | typeof ALL | undefined;

type Integer = number | bigint;

/** Sets where a group starts in a form that is not used any more, or not at all. */
type SetStart = (options: CreateReq.Options, settings: CreateReq.Settings) => unknown;

/** `start`, `end`, a revision, for $all commit and prepare, or `unset`. */
export type From = string | number | [commit: Integer, prepare: Integer] | SetStart;

export type Settings = Partial<{
  resolveLinks: boolean;
  extraStatistics: boolean;
  maxRetryCount: number | undefined;
  minCheckpointCount: number | undefined;
  maxCheckpointCount: number | undefined;
  maxSubscriberCount: number | undefined;
  liveBufferSize: number | undefined;
  readBatchSize: number | undefined;
  historyBufferSize: number | undefined;
  messageTimeoutMs: number | undefined;
  messageTimeoutTicks: string;
  checkpointAfterMs: number | undefined;
  checkpointAfterTicks: string;
  namedConsumerStrategy: number | undefined;
  consumerStrategy: string;
}>;

/** What the official client sends unless told otherwise. */
export const DEFAULTS = {
  maxRetryCount: 10,
  minCheckpointCount: 10,
  maxCheckpointCount: 1000,
  maxSubscriberCount: 0,
  liveBufferSize: 500,
  readBatchSize: 20,
  historyBufferSize: 500,
  messageTimeoutMs: 30000,
  checkpointAfterMs: 2000,
  namedConsumerStrategy: 1,
} satisfies Settings;

export const DISPATCH_TO_SINGLE = { namedConsumerStrategy: 0 };
export const PINNED = { namedConsumerStrategy: 2 };

export type SetFilter = (options: CreateReq.AllOptions) => unknown;

export interface GroupOptions {
  filter?: SetFilter | undefined;
  noSettings?: boolean;
  noOptions?: boolean;
}

const unsigned = (value: Integer) => String(BigInt.asUintN(64, BigInt(value)));

interface Startable {
  setStart(value: ReturnType<typeof empty>): unknown;
  setEnd(value: ReturnType<typeof empty>): unknown;
}

function setStart(message: Startable, from: From, setPlace: () => void): void {
  if (from === 'start') message.setStart(empty());
  else if (from === 'end') message.setEnd(empty());
  else if (from !== 'unset') setPlace();
}

export function streamOptions(stream: string, from: From): CreateReq.StreamOptions {
  const options = new persistent.CreateReq.StreamOptions();
  options.setStreamIdentifier(streamIdentifier(stream));
  setStart(options, from, () => options.setRevision(unsigned(from as number)));
  return options;
}

function allOptions(from: From, filter: SetFilter | undefined): CreateReq.AllOptions {
  const options = new persistent.CreateReq.AllOptions();
  setStart(options, from, () => {
    const [commitPosition, preparePosition] = (from as [Integer, Integer]).map(unsigned);
    const position = new persistent.CreateReq.Position();
    options.setPosition(fill(position, { commitPosition, preparePosition }));
  });
  filter?.(options);
  return options;
}

/** The form with the stream in the options and the revision in the settings. */
export const deprecated =
  (stream: string, revision: number): SetStart =>
  (options, settings) => {
    options.setStreamIdentifier(streamIdentifier(stream));
    settings.setRevision(unsigned(revision));
  };

/** Create; the bytes of Update are the same. */
export function creation(
  stream: Source,
  group: string,
  from: From,
  over: Settings,
  more: GroupOptions,
): CreateReq {
  const options = new persistent.CreateReq.Options();
  const settings = fill(new persistent.CreateReq.Settings(), { ...DEFAULTS, ...over });
  if (typeof from === 'function') from(options, settings);
  else if (stream === ALL) options.setAll(allOptions(from, more.filter));
  else if (stream !== undefined) options.setStream(streamOptions(stream, from));
  options.setGroupName(group);
  if (!more.noSettings) options.setSettings(settings);
  const request = new persistent.CreateReq();
  return more.noOptions ? request : fill(request, { options });
}

interface WithSource {
  setAll(value: ReturnType<typeof empty>): unknown;
  setStreamIdentifier(value: ReturnType<typeof streamIdentifier>): unknown;
}

export function withSource<O extends WithSource>(options: O, stream: Source): O {
  if (stream === ALL) options.setAll(empty());
  else if (stream !== undefined) options.setStreamIdentifier(streamIdentifier(stream));
  return options;
}

type Expression = { regex?: string; prefixList?: string[] };

/** A filter of $all. */
export const groupFilter =
  (
    by: 'streamIdentifier' | 'eventType' | undefined,
    expression: Expression,
    window: { count?: true; max?: number; checkpointintervalmultiplier?: number } = { count: true },
  ): SetFilter =>
  (options) => {
    const { FilterOptions } = persistent.CreateReq.AllOptions;
    const { count, ...others } = window;
    const filter = fill(new FilterOptions(), { ...others, count: count && empty() });
    const value = fill(new FilterOptions.Expression(), expression);
    if (by === 'streamIdentifier') filter.setStreamIdentifier(value);
    if (by === 'eventType') filter.setEventType(value);
    options.setFilter(filter);
  };

export const prefixFilter = (...prefixList: string[]): SetFilter =>
  groupFilter('streamIdentifier', { prefixList });

const stringIdOption = (): ReadReq.Options.UUIDOption =>
  fill(new persistent.ReadReq.Options.UUIDOption(), { string: empty() });

/** The first message of a consumer; the ids it asks for are text unless told otherwise. */
export function consumption(
  stream: Source,
  group: string,
  bufferSize = 10,
  uuidOption: ReadReq.Options.UUIDOption | null = stringIdOption(),
): ReadReq {
  const options = fill(new persistent.ReadReq.Options(), { groupName: group, bufferSize });
  if (uuidOption) options.setUuidOption(uuidOption);
  return fill(new persistent.ReadReq(), { options: withSource(options, stream) });
}

export const NACK = persistent.ReadReq.Nack.Action;
export type NackAction = keyof typeof NACK;

export const ackOf = (...ids: string[]): ReadReq =>
  fill(new persistent.ReadReq(), {
    ack: fill(new persistent.ReadReq.Ack(), { idsList: ids.map(uuid) }),
  });

export const nackOf = (ids: string[], action: number, reason: string): ReadReq =>
  fill(new persistent.ReadReq(), {
    nack: fill(new persistent.ReadReq.Nack(), {
      idsList: ids.map(uuid),
      action: action,
      reason,
    }),
  });
