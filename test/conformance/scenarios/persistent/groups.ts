// Groups of persistent subscriptions, and what scenarios do with them. The groups that a scenario
// makes are deleted at its end.
import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import { type EventData } from '@eventstore/db-client';
import { openConsumer, type Consumer } from '../../wire/consumer.js';
import { cleaned, isInfo, type Info, type Refusal } from '../../wire/group-replies.js';
import {
  ALL,
  consumption,
  creation,
  withSource,
  type From,
  type GroupOptions,
  type Settings,
  type Source,
} from '../../wire/group-requests.js';
import { empty, fill, streamIdentifier } from '../../wire/protobuf.js';
import { present, type ReadMessage } from '../../wire/read-reply.js';
import { all, counted, onStream } from '../../wire/read-request.js';
import { type Server } from '../../wire/server.js';
import { ADMIN, unary, type Answer, type CallOptions } from '../../wire/target.js';
import { waitFor } from '../../wire/waiting.js';
import { type Say, type Scenarios } from '../../scenario.js';
import { UNARY } from '../streams.js';

/** For requests to which a real server never replies. */
export const HANGS = { deadline: 2500 };

const DEADLINE_EXCEEDED = 4;
const POLL_MS = 100;

type Simple = 'ok' | Refusal;

const refusalIn = ({ status }: Answer<unknown>): Refusal | undefined =>
  status && (status.code === DEADLINE_EXCEEDED ? 'no answer' : { status });
export const simple = (answer: Answer<unknown>): Simple => refusalIn(answer) ?? 'ok';

export type MoreOptions = GroupOptions & CallOptions;

export type Groups = ReturnType<typeof groupsOf>;

/** Persistent scenarios, by name. */
export function groupScenarios(
  server: Server,
  plays: Record<string, (say: Say, groups: Groups) => Promise<void>>,
): Scenarios {
  return Object.fromEntries(
    Object.entries(plays).map(([name, play]) => [
      `persistent: ${name}`,
      async (say: Say) => {
        const groups = groupsOf(server);
        await play(say, groups);
        await groups.leave();
      },
    ]),
  );
}

function groupsOf(server: Server) {
  const { client } = server;
  const made: [Source, string][] = [];
  const open: Consumer[] = [];
  const calls = callsOf(server);
  const { create, remove, info } = calls;
  const consume = async (stream: Source, group: string, size?: number) => {
    const consumer = openConsumer(server, consumption(stream, group, size));
    open.push(consumer);
    await consumer.count(1);
    return consumer;
  };
  return {
    ...calls,
    create: async (...[stream, group, ...rest]: Parameters<typeof create>) => {
      const created = await create(stream, group, ...rest);
      if (created === 'ok') made.push([stream, group]);
      return created;
    },
    consume,
    /** What is told about a group as soon as the condition holds for it. */
    infoWhen: (
      stream: Source,
      group: string,
      condition: (info: Info) => boolean,
      ms = 20_000,
    ): Promise<Info | undefined> =>
      waitFor(
        async () => {
          const told = await info(stream, group);
          return isInfo(told) && condition(told) ? told : undefined;
        },
        ms,
        POLL_MS,
      ),
    /** Appends through the client. */
    append: (stream: string, events: EventData[]) => client.appendToStream(stream, events, UNARY),
    /** Ends the consumers, deletes the groups. */
    leave: async () => {
      for (const consumer of open) if (!consumer.ended) consumer.cancel();
      for (const [stream, group] of made) await remove(stream, group);
    },
  };
}

function callsOf(server: Server) {
  const { target, persistent: stub } = server;
  const { UpdateReq, DeleteReq, GetInfoReq, ReplayParkedReq } = persistent;
  const info = async (
    stream: Source,
    group: string,
    more?: CallOptions,
  ): Promise<Info | Refusal> => {
    const options = withSource(fill(new GetInfoReq.Options(), { groupName: group }), stream);
    const request = fill(new GetInfoReq(), { options });
    const answer = await unary(target, stub.getInfo.bind(stub), request, more);
    const told = answer.reply?.getSubscriptionInfo()?.toObject();
    return refusalIn(answer) ?? present(told, 'info');
  };
  return {
    create: async (
      stream: Source,
      group: string,
      from: From = 'start',
      over: Settings = {},
      more: MoreOptions = {},
    ): Promise<Simple> => {
      const request = creation(stream, group, from, over, more);
      return simple(await unary(target, stub.create.bind(stub), request, more));
    },
    update: async (
      stream: Source,
      group: string,
      from: From = 'start',
      over: Settings = {},
      more: MoreOptions = {},
    ): Promise<Simple> => {
      const bytes = creation(stream, group, from, over, more).serializeBinary();
      const request = UpdateReq.deserializeBinary(bytes);
      return simple(await unary(target, stub.update.bind(stub), request, more));
    },
    remove: async (stream: Source, group: string, more?: CallOptions): Promise<Simple> => {
      const options = withSource(fill(new DeleteReq.Options(), { groupName: group }), stream);
      const request = fill(new DeleteReq(), { options });
      return simple(await unary(target, stub.delete.bind(stub), request, more));
    },
    info,
    /** What is told about a group that must be there. */
    infoOf: async (stream: Source, group: string): Promise<Info> => {
      const told = await info(stream, group);
      if (!isInfo(told)) throw new Error(`no group ${group}`);
      return told;
    },
    list: listing(server),
    /** Up to a number of parked messages, all of them, or without saying. */
    replay: async (
      stream: Source,
      group: string,
      stopAt: number | 'all' | 'unset' = 'all',
    ): Promise<Simple> => {
      const options = fill(new ReplayParkedReq.Options(), { groupName: group });
      if (stopAt === 'all') options.setNoLimit(empty());
      else if (stopAt !== 'unset') options.setStopAt(String(stopAt));
      const request = fill(new ReplayParkedReq(), { options: withSource(options, stream) });
      return simple(await unary(target, stub.replayParked.bind(stub), request));
    },
    restart: async (): Promise<Simple> =>
      simple(await unary(target, stub.restartSubsystem.bind(stub), empty())),
    eventsIn: (stream: string) => lyingIn(server, stream).then(({ events }) => events),
    /** The events of a stream as they lie there; what the read says if there is none. */
    lying: async (stream: string): Promise<(Lying | ReadMessage)[]> => {
      const { events, messages } = await lyingIn(server, stream);
      return events.length > 0 ? events : messages;
    },
  };
}

const listing =
  ({ target, persistent: stub }: Server) =>
  async (stream?: Source, more?: CallOptions): Promise<Info[] | Refusal> => {
    const options = new persistent.ListReq.Options();
    if (stream === undefined) options.setListAllSubscriptions(empty());
    else {
      const option = new persistent.ListReq.StreamOption();
      if (stream === ALL) option.setAll(empty());
      else option.setStream(streamIdentifier(stream));
      options.setListForStream(option);
    }
    const request = fill(new persistent.ListReq(), { options });
    const answer = await unary(target, stub.list.bind(stub), request, more);
    const list = answer.reply?.getSubscriptionsList().map((one) => one.toObject());
    return refusalIn(answer) ?? present(list, 'list');
  };

export const checkpointOf = (key: string) => `$persistentsubscription-${key}-checkpoint`;
export const parkedOf = (key: string) => `$persistentsubscription-${key}-parked`;

export interface Lying {
  rev: string;
  type: string | undefined;
  json: boolean;
  data: string;
  meta: string;
}

async function lyingIn(
  server: Server,
  stream: string,
): Promise<{ events: Lying[]; messages: ReadMessage[] }> {
  const user = server.target.isTls ? ADMIN : undefined;
  const read = server.openRead(all(onStream(stream, 'start'), counted(1000)), { user });
  await waitFor(() => read.ended);
  const events = read.rawMessages.flatMap((reply) => reply.getEvent()?.getEvent() ?? []);
  return {
    messages: read.messages,
    events: events.map((event) => ({
      rev: event.getStreamRevision(),
      type: event.getMetadataMap().get('type'),
      json: event.getMetadataMap().get('content-type') === 'application/json',
      data: cleaned(Buffer.from(event.getData_asU8()).toString()),
      meta: cleaned(Buffer.from(event.getCustomMetadata_asU8()).toString()),
    })),
  };
}
