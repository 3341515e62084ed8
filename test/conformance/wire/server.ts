// The server under test: the official client, and the calls of `Streams` message by message.
import { EventStoreDBClient } from '@eventstore/db-client';
import persistentGrpc from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  type AppendReq,
  type ReadReq,
  type ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import {
  appendMessages,
  appendOptions,
  appendProposed,
  appendReply,
  type AppendReply,
  type Expectation,
  type StreamsClient,
  type WireEvent,
} from './append.js';
import { openBatch, type Batch } from './batch-append.js';
import { deletion, tombstoning, type Deletion } from './deletion.js';
import { follow, type OpenCall } from './open-call.js';
import { type Name } from './protobuf.js';
import { readReply, type ReadMessage } from './read-reply.js';
import { readRequest, type Part } from './read-request.js';
import { targetOf, type CallOptions, type Target } from './target.js';
import { waitFor } from './waiting.js';

export type PersistentClient = InstanceType<typeof persistentGrpc.PersistentSubscriptionsClient>;

export type OpenRead = OpenCall<ReadMessage, ReadResp>;

/** A read ends by itself, after so many messages, or after so long without an end. */
interface ReadLimits extends CallOptions {
  until?: number;
  ms?: number;
}

export interface Server {
  target: Target;
  client: EventStoreDBClient;
  /** Another client, with an option in its connection string; closed with the server. */
  clientWith: (option: string) => EventStoreDBClient;
  streams: StreamsClient;
  persistent: PersistentClient;
  rawAppend: (
    stream: Name | undefined,
    expectation: Expectation,
    events: WireEvent[],
    options?: CallOptions,
  ) => Promise<AppendReply>;
  rawAppendMessages: (messages: AppendReq[]) => Promise<AppendReply>;
  openBatch: () => Batch;
  rawDelete: Deletion;
  rawTombstone: Deletion;
  /** Read of these parts, which stays open. */
  openRead: (part: Part, options?: CallOptions) => OpenRead;
  /** Read of a request as it stands. */
  openReadOf: (request: ReadReq, more?: Record<string, string>) => OpenRead;
  rawRead: (part: Part, limits?: ReadLimits) => Promise<ReadMessage[]>;
  close: () => Promise<void>;
}

const MESSAGES_MAX = 50;
const READ_MS = 1500;
const READ_POLL_MS = 5;

export function connectTo(url: string): Server {
  const target = targetOf(url);
  const streams = target.stub(streamsGrpc.StreamsClient);
  const client = EventStoreDBClient.connectionString(url);
  const clients = [client];
  const openRead: Server['openRead'] = (part, { user } = {}) =>
    follow(streams.read(readRequest(part), target.headers(user)), readReply);
  const send = (messages: AppendReq[], options: CallOptions) =>
    appendMessages(target, streams, messages, options, appendReply);
  return {
    target,
    client,
    clientWith: (option) => {
      const separator = url.includes('?') ? '&' : '?';
      const other = EventStoreDBClient.connectionString(`${url}${separator}${option}`);
      clients.push(other);
      return other;
    },
    streams,
    persistent: target.stub(persistentGrpc.PersistentSubscriptionsClient),
    rawAppend: (stream, expectation, events, options = {}) =>
      send([appendOptions(stream, expectation), ...events.map(appendProposed)], options),
    rawAppendMessages: (messages) => send(messages, {}),
    openBatch: () => openBatch(target, streams),
    rawDelete: deletion(target, streams),
    rawTombstone: tombstoning(target, streams),
    openRead,
    openReadOf: (request, more = {}) =>
      follow(streams.read(request, target.headers(undefined, more)), readReply),
    rawRead: async (part, { until = MESSAGES_MAX, ms = READ_MS, user } = {}) => {
      const read = openRead(part, { user });
      await waitFor(() => read.ended || read.messages.length >= until, ms, READ_POLL_MS);
      const messages = read.messages.slice(0, until);
      if (!read.ended) read.cancel();
      return messages;
    },
    close: async () => {
      for (const one of clients) await one.dispose();
      target.close();
    },
  };
}
