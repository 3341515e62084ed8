// Messages of a Read reply, encoded straight into the bytes that are sent: an event's stored bytes
// are copied once, between its id and its position.
import { type LogEvent } from './store/record.js';
import { bytesField, fieldHeader, varintField } from './protobuf.js';
import { formatUuid, type UuidForm } from './uuid.js';

const CONTENT = {
  event: 1,
  confirmation: 2,
  checkpoint: 3,
  streamNotFound: 4,
  firstStreamPosition: 5,
  lastStreamPosition: 6,
  caughtUp: 8,
};

export function eventMessage(event: LogEvent, uuidForm: UuidForm): Buffer {
  const id = idField(event.id, uuidForm);
  const recordedLength = id.length + event.body.length;
  const recorded = fieldHeader(1, recordedLength);
  const commit = varintField(3, event.position);
  const readEventLength = recorded.length + recordedLength + commit.length;
  const header = fieldHeader(CONTENT.event, readEventLength);
  return Buffer.concat([header, recorded, id, event.body, commit]);
}

/** Field 1 of RecordedEvent: a UUID message in the form the reader asked for. */
function idField(id: Buffer, form: UuidForm): Buffer {
  if (form === 'string') return bytesField(1, bytesField(2, Buffer.from(formatUuid(id), 'latin1')));
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
