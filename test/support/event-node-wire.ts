// Raw gRPC calls to an event node, with replies as short texts: what is on the wire, not what the
// official client makes of it.
import { createHash } from 'node:crypto';
import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

export type Expected = 'any' | 'no_stream' | 'stream_exists' | bigint;
export type StreamsClient = InstanceType<typeof streamsGrpc.StreamsClient>;
type ReadOptions = InstanceType<typeof streams.ReadReq.Options>;

export const connect = (port: number): StreamsClient =>
  new streamsGrpc.StreamsClient(`127.0.0.1:${port}`, credentials.createInsecure());

/** On a connection of its own. */
export const connectAlone = (port: number): StreamsClient =>
  new streamsGrpc.StreamsClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });

/** The same id for the same label. */
export function idOf(label: string): string {
  const hex = createHash('sha1').update(label).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface WireEvent {
  id: string | null;
  metadata?: Record<string, string>;
  data?: Buffer | string;
  custom?: Buffer;
}

export const DEFAULT_METADATA = { type: 'T', 'content-type': 'application/json' };

export const empty = () => new shared.Empty();

function identifier(name: string) {
  const message = new shared.StreamIdentifier();
  message.setStreamName(Buffer.from(name));
  return message;
}

function uuid(text: string) {
  const message = new shared.UUID();
  message.setString(text);
  return message;
}

interface Proposed {
  setId(id: ReturnType<typeof uuid>): unknown;
  getMetadataMap(): { set(key: string, value: string): unknown };
  setData(data: Uint8Array): unknown;
  setCustomMetadata(data: Uint8Array): unknown;
}

function propose<T extends Proposed>(message: T, event: WireEvent): T {
  if (event.id !== null) message.setId(uuid(event.id));
  for (const [key, value] of Object.entries(event.metadata ?? DEFAULT_METADATA)) {
    message.getMetadataMap().set(key, value);
  }
  message.setData(Buffer.from(event.data ?? '{}'));
  message.setCustomMetadata(event.custom ?? Buffer.alloc(0));
  return message;
}

interface ExpectedSetters<E> {
  setNoStream(value: E): unknown;
  setAny(value: E): unknown;
  setStreamExists(value: E): unknown;
}

function setExpected<E>(
  options: ExpectedSetters<E>,
  expected: Expected,
  nothing: E,
  setRevision: (revision: string) => void,
): void {
  if (expected === 'any') options.setAny(nothing);
  else if (expected === 'no_stream') options.setNoStream(nothing);
  else if (expected === 'stream_exists') options.setStreamExists(nothing);
  else setRevision(String(expected));
}

export interface Appended {
  /** 'ok 2', 'wrong 2' (-1: no stream), or the status as a short text. */
  text: string;
  position: number | undefined;
}

export function appendOptions(stream: string | undefined, expected: Expected | undefined) {
  const options = new streams.AppendReq.Options();
  if (stream !== undefined) options.setStreamIdentifier(identifier(stream));
  if (expected !== undefined) {
    setExpected(options, expected, empty(), (revision) => options.setRevision(revision));
  }
  const message = new streams.AppendReq();
  message.setOptions(options);
  return message;
}

export function appendProposed(event: WireEvent) {
  const message = new streams.AppendReq();
  message.setProposedMessage(propose(new streams.AppendReq.ProposedMessage(), event));
  return message;
}

/** Append with any sequence of messages. */
export function appendMessages(
  client: StreamsClient,
  messages: InstanceType<typeof streams.AppendReq>[],
): Promise<Appended> {
  return new Promise((resolve) => {
    const call = client.append(new Metadata(), (error, reply) => {
      if (error) return resolve({ text: statusText(error), position: undefined });
      const success = reply.getSuccess();
      const wrong = reply.getWrongExpectedVersion();
      resolve({
        text: success
          ? `ok ${success.hasNoStream() ? -1 : success.getCurrentRevision()}`
          : `wrong ${wrong?.hasCurrentNoStream() ? -1 : wrong?.getCurrentRevision()}`,
        position: success && positionIn(success),
      });
    });
    call.on('error', () => {});
    for (const message of messages) call.write(message);
    call.end();
  });
}

interface Positioned {
  getPosition(): { getCommitPosition(): string } | undefined;
}

/** Undefined if the reply says that there is none. */
function positionIn(success: Positioned): number | undefined {
  const position = success.getPosition()?.getCommitPosition();
  return position === undefined ? undefined : Number(position);
}

export const append = (
  client: StreamsClient,
  stream: string,
  expected: Expected,
  events: WireEvent[],
): Promise<Appended> =>
  appendMessages(client, [appendOptions(stream, expected), ...events.map(appendProposed)]);

/** 'CODE: details [exception]' and the other trailers of the protocol. */
function statusText(error: ServiceError): string {
  const trailers = error.metadata.getMap();
  const exception = trailers['exception'];
  return `${status[error.code]}: ${error.details}${exception ? ` [${String(exception)}]` : ''}`;
}

/** Delete or Tombstone: 'ok' and the position of the record written, or the status as a short text. */
export function deleteStream(
  client: StreamsClient,
  kind: 'delete' | 'tombstone',
  target: { stream?: string | undefined; expected?: Expected | undefined } | undefined,
): Promise<Appended> {
  const message = { delete: new streams.DeleteReq(), tombstone: new streams.TombstoneReq() }[kind];
  if (target) {
    const { stream, expected } = target;
    const options =
      kind === 'delete' ? new streams.DeleteReq.Options() : new streams.TombstoneReq.Options();
    if (stream !== undefined) options.setStreamIdentifier(identifier(stream));
    if (expected !== undefined) {
      setExpected(options, expected, empty(), (revision) => options.setRevision(revision));
    }
    message.setOptions(options);
  }
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, reply: InstanceType<typeof streams.DeleteResp>) =>
      resolve({
        text: error ? statusText(error) : 'ok',
        position: error ? undefined : Number(reply.getPosition()?.getCommitPosition()),
      });
    client[kind](message, done);
  });
}

export interface Chunk {
  id: string | null;
  stream?: string | undefined;
  expected?: Expected | undefined;
  /** False for a later chunk of an append that is already open. */
  options?: boolean;
  deadlineMs?: number;
  events?: WireEvent[];
  final?: boolean;
}

/** A BatchAppend call; replies are texts like '<id> ok 2'. */
export function openBatch(client: StreamsClient) {
  const call = client.batchAppend();
  const replies: string[] = [];
  const positions: (number | undefined)[] = [];
  let ended: string | undefined;
  let wake = () => {};
  call.on('data', (reply: InstanceType<typeof streams.BatchAppendResp>) => {
    replies.push(batchReplyText(reply));
    const success = reply.getSuccess();
    positions.push(success && positionIn(success));
    wake();
  });
  call.on('error', (error: ServiceError) => {
    ended ??= statusText(error);
    wake();
  });
  call.on('end', () => {
    setImmediate(() => {
      ended ??= 'OK';
      wake();
    });
  });
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    replies,
    positions,
    send: (chunk: Chunk) => call.write(batchChunk(chunk)),
    /** Resolves when there are so many replies in all, or the call has ended. */
    count: (n: number) => until(() => replies.length >= n || ended !== undefined),
    halfClose: () => call.end(),
    cancel: () => call.cancel(),
    ended: async () => {
      await until(() => ended !== undefined);
      return ended;
    },
  };
}

function batchChunk(chunk: Chunk) {
  const message = new streams.BatchAppendReq();
  if (chunk.id !== null) message.setCorrelationId(uuid(idOf(chunk.id)));
  if (chunk.options !== false) {
    const options = new streams.BatchAppendReq.Options();
    if (chunk.stream !== undefined) options.setStreamIdentifier(identifier(chunk.stream));
    const { expected } = chunk;
    if (expected !== undefined) {
      setExpected(options, expected, empty(), (revision) => options.setStreamPosition(revision));
    }
    if (chunk.deadlineMs !== undefined) options.setDeadline(timestamp(chunk.deadlineMs));
    message.setOptions(options);
  }
  message.setProposedMessagesList(
    (chunk.events ?? []).map((e) => propose(new streams.BatchAppendReq.ProposedMessage(), e)),
  );
  message.setIsFinal(chunk.final ?? false);
  return message;
}

function batchReplyText(reply: InstanceType<typeof streams.BatchAppendResp>): string {
  const stream = Buffer.from(reply.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
  const success = reply.getSuccess();
  if (success) return `${stream} ok ${success.hasNoStream() ? -1 : success.getCurrentRevision()}`;
  const error = reply.getError();
  const details = error?.getDetails();
  const type = details?.getTypeUrl().split('.').pop();
  if (type === 'WrongExpectedVersion') {
    const wrong = shared.WrongExpectedVersion.deserializeBinary(details?.getValue_asU8() ?? EMPTY);
    const current = wrong.hasCurrentNoStream() ? -1 : wrong.getCurrentStreamRevision();
    return `${stream} wrong ${current}`;
  }
  return `${stream} ${status[Number(error?.getCode())]} ${type}`;
}

const EMPTY = new Uint8Array();

function timestamp(milliseconds: number) {
  const message = new timestampPb.Timestamp();
  message.setSeconds(Math.floor(milliseconds / 1000));
  message.setNanos((milliseconds % 1000) * 1_000_000);
  return message;
}

/** Sets everything a Read must have, then what `build` sets. */
export function readRequest(build: (options: ReadOptions) => void) {
  const options = new streams.ReadReq.Options();
  const uuidOption = new streams.ReadReq.Options.UUIDOption();
  uuidOption.setString(empty());
  options.setUuidOption(uuidOption);
  options.setNoFilter(empty());
  build(options);
  const message = new streams.ReadReq();
  message.setOptions(options);
  return message;
}

export type StreamFrom = 'start' | 'end' | number | bigint;

export const onStream = (name: string, from: StreamFrom) => (options: ReadOptions) => {
  const stream = new streams.ReadReq.Options.StreamOptions();
  stream.setStreamIdentifier(identifier(name));
  if (from === 'start') stream.setStart(empty());
  else if (from === 'end') stream.setEnd(empty());
  else stream.setRevision(String(from));
  options.setStream(stream);
};

export type AllFrom = 'start' | 'end' | { commit: number | bigint; prepare: number | bigint };

export const onAll = (from: AllFrom) => (options: ReadOptions) => {
  const all = new streams.ReadReq.Options.AllOptions();
  if (from === 'start') all.setStart(empty());
  else if (from === 'end') all.setEnd(empty());
  else {
    const position = new streams.ReadReq.Options.Position();
    position.setCommitPosition(String(from.commit));
    position.setPreparePosition(String(from.prepare));
    all.setPosition(position);
  }
  options.setAll(all);
};

export const asSubscription = (options: ReadOptions) =>
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());

export const counted = (count: number | bigint, backwards: boolean) => (options: ReadOptions) => {
  options.setCount(String(count));
  options.setReadDirection(backwards ? 1 : 0);
};

/** Only streams with this prefix; a window and multiplier for checkpoints. */
export const streamPrefix =
  (prefix: string, window: number, multiplier = 1) =>
  (options: ReadOptions) => {
    const expression = new streams.ReadReq.Options.FilterOptions.Expression();
    expression.setPrefixList([prefix]);
    const filter = new streams.ReadReq.Options.FilterOptions();
    filter.setStreamIdentifier(expression);
    filter.setMax(window);
    filter.setCheckpointintervalmultiplier(multiplier);
    options.clearNoFilter();
    options.setFilter(filter);
  };

type ReadReply = InstanceType<typeof streams.ReadResp>;

/** A Read call; messages are texts like 'stream/3', 'caught_up', 'checkpoint 120', 'end'. */
export function openRead(client: StreamsClient, request: InstanceType<typeof streams.ReadReq>) {
  const call = client.read(request);
  const messages: string[] = [];
  const replies: ReadReply[] = [];
  let ended = false;
  let wake = () => {};
  const add = (message: string) => {
    messages.push(message);
    wake();
  };
  call.on('data', (reply: ReadReply) => {
    replies.push(reply);
    add(readReplyText(reply));
  });
  call.on('error', (error: ServiceError) => {
    if (!ended) add(statusText(error));
    ended = true;
    wake();
  });
  call.on('end', () =>
    setImmediate(() => {
      if (!ended) add('end');
      ended = true;
      wake();
    }),
  );
  const until = async (done: () => boolean) => {
    while (!done() && !ended) await new Promise<void>((resolve) => (wake = resolve));
    return messages;
  };
  return {
    messages,
    replies,
    call,
    until: (message: string) => until(() => messages.includes(message)),
    count: (n: number) => until(() => messages.length >= n),
    whole: () => until(() => false),
    cancel: () => call.cancel(),
  };
}

/** The messages of a Read that ends by itself. */
export const readAll = (client: StreamsClient, ...build: ((options: ReadOptions) => unknown)[]) =>
  openRead(
    client,
    readRequest((options) => build.forEach((set) => set(options))),
  ).whole();

/** A subscription that has caught up. */
export async function subscribed(
  client: StreamsClient,
  ...build: ((options: ReadOptions) => unknown)[]
) {
  const reading = openRead(
    client,
    readRequest((options) => [...build, asSubscription].forEach((set) => set(options))),
  );
  await reading.until('caught_up');
  return reading;
}

function readReplyText(reply: ReadReply): string {
  const recorded = reply.getEvent()?.getEvent();
  const checkpoint = reply.getCheckpoint();
  if (recorded) {
    const name = Buffer.from(recorded.getStreamIdentifier()?.getStreamName_asU8() ?? []);
    return `${name.toString()}/${recorded.getStreamRevision()}`;
  }
  if (checkpoint) {
    const [commit, prepare] = [checkpoint.getCommitPosition(), checkpoint.getPreparePosition()];
    return commit === prepare ? `checkpoint ${commit}` : `checkpoint ${commit}/${prepare}`;
  }
  if (reply.hasConfirmation()) return 'confirmation';
  if (reply.hasCaughtUp()) return 'caught_up';
  if (reply.hasStreamNotFound()) return 'not_found';
  if (reply.hasLastStreamPosition()) return `last ${reply.getLastStreamPosition()}`;
  if (reply.hasFirstStreamPosition()) return `first ${reply.getFirstStreamPosition()}`;
  return `other ${reply.getContentCase()}`;
}
