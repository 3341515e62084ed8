// Raw calls to the persistent subscriptions of an event node, with replies as short texts: what is
// on the wire, not what the official client makes of it.
import { setTimeout as delay } from 'node:timers/promises';
import { credentials, status, type ServiceError } from '@grpc/grpc-js';
import persistentGrpc from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

export type PersistentClient = InstanceType<typeof persistentGrpc.PersistentSubscriptionsClient>;

export const connectPersistent = (port: number): PersistentClient =>
  new persistentGrpc.PersistentSubscriptionsClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
  );

const empty = () => new shared.Empty();

function identifier(name: string) {
  const message = new shared.StreamIdentifier();
  message.setStreamName(Buffer.from(name));
  return message;
}

/** Status, text and trailers as one text; an empty one says 'ok'. */
function answered(error: ServiceError | null): string {
  if (!error) return 'ok';
  const trailers = error.metadata.getMap();
  const told = ['exception', 'stream-name', 'group-name', 'reason'].flatMap((key) =>
    trailers[key] === undefined ? [] : `${key}=${String(trailers[key])}`,
  );
  return [`${status[error.code]}: ${error.details}`, ...told].join(' | ');
}

type Call<Request, Reply> = (
  request: Request,
  callback: (error: ServiceError | null, reply: Reply) => void,
) => unknown;

/** The text of the answer, and the reply if there was one. */
export const ask = <Request, Reply>(
  call: Call<Request, Reply>,
  request: Request,
): Promise<{ text: string; reply: Reply | undefined }> =>
  new Promise((resolve) => {
    call(request, (error, reply) => resolve({ text: answered(error), reply }));
  });

export interface WireSettings {
  resolveLinks?: boolean;
  maxRetryCount?: number;
  minCheckpointCount?: number;
  maxCheckpointCount?: number;
  maxSubscriberCount?: number;
  liveBufferSize?: number;
  historyBufferSize?: number;
  readBatchSize?: number;
  messageTimeoutMs?: number;
  checkpointAfterMs?: number;
  strategy?: string;
}

function settingsOf(over: WireSettings) {
  const settings = new persistent.CreateReq.Settings();
  settings.setResolveLinks(over.resolveLinks ?? false);
  settings.setMaxRetryCount(over.maxRetryCount ?? 10);
  settings.setMinCheckpointCount(over.minCheckpointCount ?? 10);
  settings.setMaxCheckpointCount(over.maxCheckpointCount ?? 1000);
  settings.setMaxSubscriberCount(over.maxSubscriberCount ?? 0);
  settings.setLiveBufferSize(over.liveBufferSize ?? 500);
  settings.setHistoryBufferSize(over.historyBufferSize ?? 500);
  settings.setReadBatchSize(over.readBatchSize ?? 20);
  settings.setMessageTimeoutMs(over.messageTimeoutMs ?? 30_000);
  settings.setCheckpointAfterMs(over.checkpointAfterMs ?? 2000);
  settings.setConsumerStrategy(over.strategy ?? 'RoundRobin');
  return settings;
}

export type From = 'start' | 'end' | 'unset' | bigint;

/** A group of a stream. */
export function createRequest(
  stream: string,
  group: string,
  { from = 'start', ...over }: WireSettings & { from?: From } = {},
) {
  const source = new persistent.CreateReq.StreamOptions();
  source.setStreamIdentifier(identifier(stream));
  if (from === 'start') source.setStart(empty());
  else if (from === 'end') source.setEnd(empty());
  else if (from !== 'unset') source.setRevision(String(BigInt.asUintN(64, from)));
  const options = new persistent.CreateReq.Options();
  options.setStream(source);
  options.setGroupName(group);
  options.setSettings(settingsOf(over));
  const request = new persistent.CreateReq();
  request.setOptions(options);
  return request;
}

/** A group of $all that lets streams with these prefixes pass. */
export function createToAllRequest(
  group: string,
  { from = 'start', prefixes, ...over }: WireSettings & { from?: From; prefixes: string[] },
) {
  const source = new persistent.CreateReq.AllOptions();
  if (from === 'start') source.setStart(empty());
  else if (from === 'end') source.setEnd(empty());
  else if (from !== 'unset') {
    const position = new persistent.CreateReq.Position();
    position.setCommitPosition(String(BigInt.asUintN(64, from)));
    position.setPreparePosition(String(BigInt.asUintN(64, from)));
    source.setPosition(position);
  }
  const expression = new persistent.CreateReq.AllOptions.FilterOptions.Expression();
  expression.setPrefixList(prefixes);
  const filter = new persistent.CreateReq.AllOptions.FilterOptions();
  filter.setStreamIdentifier(expression);
  filter.setCount(empty());
  source.setFilter(filter);
  const options = new persistent.CreateReq.Options();
  options.setAll(source);
  options.setGroupName(group);
  options.setSettings(settingsOf(over));
  const request = new persistent.CreateReq();
  request.setOptions(options);
  return request;
}

export async function infoOf(client: PersistentClient, stream: string, group: string) {
  const options = new persistent.GetInfoReq.Options();
  options.setStreamIdentifier(identifier(stream));
  options.setGroupName(group);
  const request = new persistent.GetInfoReq();
  request.setOptions(options);
  const { text, reply } = await ask<typeof request, InstanceType<typeof persistent.GetInfoResp>>(
    (asked, callback) => client.getInfo(asked, callback),
    request,
  );
  return { text, info: reply?.getSubscriptionInfo()?.toObject() };
}

export type GroupInfo = NonNullable<Awaited<ReturnType<typeof infoOf>>['info']>;

const ASK_AGAIN_MS = 20;

/** Asks until the group is like that: what consumers say arrives on another call. */
export async function infoWhen(
  client: PersistentClient,
  { stream, group }: { stream: string; group: string },
  isSo: (shown: GroupInfo) => boolean,
): Promise<GroupInfo> {
  for (;;) {
    const { info } = await infoOf(client, stream, group);
    if (info && isSo(info)) return info;
    await delay(ASK_AGAIN_MS);
  }
}

export async function removeGroup(
  client: PersistentClient,
  stream: string,
  group: string,
): Promise<string> {
  const options = new persistent.DeleteReq.Options();
  options.setStreamIdentifier(identifier(stream));
  options.setGroupName(group);
  const request = new persistent.DeleteReq();
  request.setOptions(options);
  return (await ask(client.delete.bind(client), request)).text;
}

const revision = (name: string, text: string) => `${text}@${name}`;

type Recorded = InstanceType<typeof persistent.ReadResp.ReadEvent.RecordedEvent>;
const nameOf = (event: Recorded) =>
  revision(
    Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    event.getStreamRevision(),
  );

function replyText(reply: InstanceType<typeof persistent.ReadResp>): string {
  const confirmation = reply.getSubscriptionConfirmation();
  if (confirmation) return `confirmed ${confirmation.getSubscriptionId()}`;
  const delivery = reply.getEvent();
  const [event, link] = [delivery?.getEvent(), delivery?.getLink()];
  const by = link ? ` by ${nameOf(link)}` : '';
  const retry = delivery?.getRetryCount() ? ` retry ${delivery.getRetryCount()}` : '';
  return `${event ? nameOf(event) : 'nothing'}${by}${retry}`;
}

export interface ConsumerOptions {
  bufferSize?: number;
  /** False: no option for the form of ids. */
  uuidOption?: boolean;
}

/** The first message of a consumer; `stream` undefined is $all. */
export function consumerOptions(
  stream: string | undefined,
  group: string,
  { bufferSize = 10, uuidOption = true }: ConsumerOptions = {},
) {
  const options = new persistent.ReadReq.Options();
  if (stream === undefined) options.setAll(empty());
  else options.setStreamIdentifier(identifier(stream));
  options.setGroupName(group);
  options.setBufferSize(bufferSize);
  if (uuidOption) {
    const option = new persistent.ReadReq.Options.UUIDOption();
    option.setString(empty());
    options.setUuidOption(option);
  }
  const message = new persistent.ReadReq();
  message.setOptions(options);
  return message;
}

/** A consumer; what it was sent as texts like '3@s', '3@s retry 1', '3@s by 0@links'. */
export function openConsumer(
  client: PersistentClient,
  first: InstanceType<typeof persistent.ReadReq>,
) {
  const call = client.read();
  const messages: string[] = [];
  const ids: string[] = [];
  let ended = false;
  let wake = () => {};
  const add = (text: string) => {
    messages.push(text);
    wake();
  };
  const end = (text: string) => {
    if (!ended) add(text);
    ended = true;
    wake();
  };
  call.on('data', (reply: InstanceType<typeof persistent.ReadResp>) => {
    const delivery = reply.getEvent();
    const original = delivery?.getLink() ?? delivery?.getEvent();
    ids.push(original?.getId()?.getString() ?? '');
    add(replyText(reply));
  });
  call.on('error', (error: ServiceError) => end(answered(error)));
  call.on('end', () => setImmediate(() => end('end')));
  call.write(first);
  const until = async (done: () => boolean) => {
    while (!done() && !ended) await new Promise<void>((resolve) => (wake = resolve));
    return messages;
  };
  const idsAt = (numbers: number[]) =>
    numbers.map((number) => {
      const id = new shared.UUID();
      id.setString(ids[number] ?? '');
      return id;
    });
  return {
    call,
    messages,
    /** Resolves when there are so many messages in all, the confirmation included. */
    count: (n: number) => until(() => messages.length >= n),
    until: (message: string) => until(() => messages.includes(message)),
    whole: () => until(() => false),
    /** Answers for the n-th messages, of which the confirmation is the 0th. */
    ack: (...numbers: number[]) => {
      const ack = new persistent.ReadReq.Ack();
      ack.setIdsList(idsAt(numbers));
      const message = new persistent.ReadReq();
      message.setAck(ack);
      call.write(message);
    },
    nack: (action: keyof typeof persistent.ReadReq.Nack.Action, numbers: number[], reason = '') => {
      const nack = new persistent.ReadReq.Nack();
      nack.setIdsList(idsAt(numbers));
      nack.setAction(persistent.ReadReq.Nack.Action[action]);
      nack.setReason(reason);
      const message = new persistent.ReadReq();
      message.setNack(nack);
      call.write(message);
    },
    cancel: () => call.cancel(),
  };
}
