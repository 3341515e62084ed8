// Messages of a Read reply, encoded straight into the bytes that are sent: an event's stored bytes
// are copied once, between its id and its position.
import { type LogEvent } from './store/record.js';
import {
  EMPTY,
  bytesField,
  bytesFieldLength,
  varintField,
  varintLength,
  writeFieldHeader,
  writeVarintField,
} from './protobuf.js';
import { UUID_TEXT_BYTES, writeUuid, type UuidForm } from './uuid.js';

const CONTENT = {
  event: 1,
  confirmation: 2,
  checkpoint: 3,
  streamNotFound: 4,
  firstStreamPosition: 5,
  lastStreamPosition: 6,
  caughtUp: 8,
};

/** What a reader is sent: an event, a link and what it stands for, or a link that leads nowhere. */
export type Resolved =
  { event: LogEvent; link?: undefined } | { event: LogEvent | undefined; link: LogEvent };

const READ_EVENT = { event: 1, link: 2, commitPosition: 3 };

export function eventMessage(event: LogEvent, uuidForm: UuidForm): Buffer {
  const { body, position } = event;
  const id = idField(event.id, uuidForm);
  const recordedLength = id.length + body.length;
  const readEventLength = bytesFieldLength(recordedLength) + 1 + varintLength(position);
  const message = Buffer.allocUnsafe(bytesFieldLength(readEventLength));
  let at = writeFieldHeader(message, 0, CONTENT.event, readEventLength);
  at = writeFieldHeader(message, at, READ_EVENT.event, recordedLength);
  message.set(id, at);
  message.set(body, at + id.length);
  writeVarintField(message, at + recordedLength, READ_EVENT.commitPosition, position);
  return message;
}

/** A link with the event that it stands for, if there is one; it has the place of the link. */
export function resolvedMessage({ event, link }: Resolved, uuidForm: UuidForm): Buffer {
  if (!link) return eventMessage(event, uuidForm);
  const recorded = (number: number, { id, body }: LogEvent) =>
    bytesField(number, idField(id, uuidForm), body);
  return bytesField(
    CONTENT.event,
    event ? recorded(READ_EVENT.event, event) : EMPTY,
    recorded(READ_EVENT.link, link),
    varintField(READ_EVENT.commitPosition, link.position),
  );
}

/** A UUID as text, but for the text. */
const TEXT_ID_FIELD = bytesField(1, bytesField(2, Buffer.alloc(UUID_TEXT_BYTES)));

/** Field 1 of RecordedEvent: a UUID message in the form the reader asked for. */
export function idField(id: Buffer, form: UuidForm): Buffer {
  if (form === 'string') {
    const field = Buffer.from(TEXT_ID_FIELD);
    writeUuid(id, field, TEXT_ID_FIELD.length - UUID_TEXT_BYTES);
    return field;
  }
  // Signed numbers, sent as their two's complement.
  const halves = [varintField(1, id.readBigUInt64BE(0)), varintField(2, id.readBigUInt64BE(8))];
  return bytesField(1, bytesField(1, ...halves));
}

export const confirmationMessage = (subscriptionId: string) =>
  bytesField(CONTENT.confirmation, bytesField(1, Buffer.from(subscriptionId)));

/** A place in the log; prepare is below commit only in checkpoints that point before an event. */
export interface LogPosition {
  commit: number;
  prepare: number;
}

export const checkpointMessage = ({ commit, prepare }: LogPosition) =>
  bytesField(CONTENT.checkpoint, varintField(1, commit), varintField(2, prepare));

export const streamNotFoundMessage = (stream: string) =>
  bytesField(CONTENT.streamNotFound, bytesField(1, bytesField(3, Buffer.from(stream))));

export const firstStreamPositionMessage = (revision: number) =>
  varintField(CONTENT.firstStreamPosition, revision);

export const lastStreamPositionMessage = (revision: number) =>
  varintField(CONTENT.lastStreamPosition, revision);

export const caughtUpMessage = () => bytesField(CONTENT.caughtUp);
