// Messages of Read as they were sent, made comparable.
import streams, { type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { labelOf } from './ids.js';
import { type Ending } from './open-call.js';
import { pairOf, position, type Pair, type Position } from './position.js';
import { readUuid, shownBytes, streamNameIn, type ShownBytes } from './protobuf.js';
import { briefStatus, type Status } from './status.js';

export interface Recorded {
  stream: string;
  rev: string;
  /** The label of the id. */
  id: string;
  type: string | undefined;
  contentType: string | undefined;
  metaKeys: string[];
  data: ShownBytes;
  custom: ShownBytes;
  pos: Pair;
}

/** The fields of one message: those of its kind. */
export interface Shown {
  event?: Recorded | null;
  link?: Recorded | null;
  commit?: Position | 'no_position';
  /** Of persistent subscriptions. */
  retry?: number | 'no_retry_count';
  confirmation?: string;
  checkpoint?: Pair;
  streamNotFound?: string;
  firstStreamPosition?: string;
  lastStreamPosition?: string;
  status?: Status;
}

/** A message with fields, or a word. */
export type ReadMessage = Shown | string;

const NO_FIELDS: Shown = {};

/** The fields of a message; none of a word. */
export const fieldsOf = (message: ReadMessage | Ending | undefined): Shown =>
  typeof message === 'object' ? message : NO_FIELDS;
export const eventOf = (message: ReadMessage | Ending | undefined): Recorded | undefined =>
  fieldsOf(message).event ?? undefined;
export const linkOf = (message: ReadMessage | Ending | undefined): Recorded | undefined =>
  fieldsOf(message).link ?? undefined;
/** What lies in the stream that was read: the link, if there is one. */
export const originalOf = (message: ReadMessage | Ending | undefined): Recorded | undefined =>
  linkOf(message) ?? eventOf(message);

/** The events of the messages that have one. */
export const eventsIn = (messages: readonly (ReadMessage | Ending)[]): Recorded[] =>
  messages.flatMap((message) => eventOf(message) ?? []);

/** What must be there for the scenario to go on. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}

type WireEvent = NonNullable<ReturnType<ReadResp.ReadEvent['getEvent']>>;

interface WireReadEvent {
  getEvent(): WireEvent | undefined;
  getLink(): WireEvent | undefined;
  hasCommitPosition(): boolean;
  getCommitPosition(): string;
}

function recorded(event: WireEvent): Recorded {
  const metadata = event.getMetadataMap();
  return {
    stream: streamNameIn(event.getStreamIdentifier()),
    rev: event.getStreamRevision(),
    id: labelOf(readUuid(event.getId()).id),
    type: metadata.get('type'),
    contentType: metadata.get('content-type'),
    metaKeys: metadata
      .toArray()
      .map(([key]) => String(key))
      .sort(),
    data: shownBytes(event.getData_asU8()),
    custom: shownBytes(event.getCustomMetadata_asU8()),
    pos: pairOf(event),
  };
}

export function shownEvent(
  message: WireReadEvent,
): Required<Pick<Shown, 'event' | 'link' | 'commit'>> {
  const event = message.getEvent();
  const link = message.getLink();
  return {
    event: event ? recorded(event) : null,
    link: link ? recorded(link) : null,
    commit: message.hasCommitPosition() ? position(message.getCommitPosition()) : 'no_position',
  };
}

export function readReply(reply: ReadResp): ReadMessage {
  const { ContentCase } = streams.ReadResp;
  const event = reply.getEvent();
  if (event) return shownEvent(event);
  const checkpoint = reply.getCheckpoint();
  if (checkpoint) return { checkpoint: pairOf(checkpoint) };
  const missing = reply.getStreamNotFound();
  if (missing) return { streamNotFound: streamNameIn(missing.getStreamIdentifier()) };
  switch (reply.getContentCase()) {
    case ContentCase.CONFIRMATION:
      return 'confirmation';
    case ContentCase.FIRST_STREAM_POSITION:
      return { firstStreamPosition: reply.getFirstStreamPosition() };
    case ContentCase.LAST_STREAM_POSITION:
      return { lastStreamPosition: reply.getLastStreamPosition() };
    case ContentCase.LAST_ALL_STREAM_POSITION:
      return 'last_all_stream_position';
    case ContentCase.CAUGHT_UP:
      return 'caught_up';
    case ContentCase.FELL_BEHIND:
      return 'fell_behind';
    default:
      return `other ${reply.getContentCase()}`;
  }
}

/** One message in a few words; an event as its name, by default its revision. */
export function brief(
  message: ReadMessage,
  name: (event: Recorded) => unknown = ({ rev }) => rev,
): unknown {
  if (typeof message === 'string') return message;
  const { event, link, status, streamNotFound, firstStreamPosition, lastStreamPosition } = message;
  if (status) return briefStatus(status);
  if (streamNotFound !== undefined) return `not found ${streamNotFound}`;
  if (firstStreamPosition !== undefined) return `first ${firstStreamPosition}`;
  if (lastStreamPosition !== undefined) return `last ${lastStreamPosition}`;
  if (link) return `${String(name(link))} -> ${event ? `${event.stream}/${event.rev}` : 'nothing'}`;
  return event ? name(event) : message;
}
