// A consumer of a group: its call, with acknowledgements.
import { type ReadReq, type ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import { groupReply } from './group-replies.js';
import { ackOf, NACK, nackOf, type NackAction } from './group-requests.js';
import { follow, type OpenCall } from './open-call.js';
import { present, type ReadMessage } from './read-reply.js';
import { type Server } from './server.js';
import { type Caller } from './target.js';

export interface Consumer extends OpenCall<ReadMessage, ReadResp> {
  write(message: ReadReq): void;
  /** Half-closes the call. */
  end(): void;
  ack(ids: string[]): void;
  nack(ids: string[], action: NackAction, reason?: string): void;
  ackAll(): void;
  /** The ids, as acknowledgements name them, of the messages at these places. */
  idsOf(...places: number[]): string[];
}

export function openConsumer(server: Server, first?: ReadReq, user?: Caller): Consumer {
  const call = server.persistent.read(server.target.headers(user));
  const open = follow(call, groupReply);
  const write = (message: ReadReq) => void call.write(message);
  if (first) write(first);
  const ack = (ids: string[]) => write(ackOf(...ids));
  return Object.assign(open, {
    write,
    end: () => void call.end(),
    ack,
    nack: (ids: string[], action: NackAction, reason = '') =>
      write(nackOf(ids, NACK[action], reason)),
    ackAll: () => ack(open.rawMessages.slice(1).map(idOf)),
    idsOf: (...places: number[]) => places.map((place) => idOf(open.rawMessages[place])),
  });
}

/** What was delivered as it lies in the stream of the group: the link, if there is one. */
export function originalIn(reply: ReadResp | undefined) {
  const event = reply?.getEvent();
  return present(event?.getLink() ?? event?.getEvent(), 'an event');
}

const idOf = (reply: ReadResp | undefined) => originalIn(reply).getId()?.getString() ?? '';
