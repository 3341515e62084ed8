// What a consumer is sent, encoded straight into bytes. A link and what it stands for both carry the
// place of the link.
import { bytesField, EMPTY, varintField } from '../../protobuf.js';
import { idField } from '../../read-response.js';
import { type LogReader } from '../../store/log-reader.js';
import { RECORDED_FIELD, type LogEvent } from '../../store/record.js';
import { type UuidForm } from '../../uuid.js';
import { type Message } from '../group/message.js';

const CONTENT = { event: 1, confirmation: 2 };
const READ_EVENT = { event: 1, link: 2, commitPosition: 3, retryCount: 5 };

export const confirmationMessage = (subscriptionId: string) =>
  bytesField(CONTENT.confirmation, bytesField(1, Buffer.from(subscriptionId)));

/** Throws if the log does not have what the message names. */
export function deliveryMessage(log: LogReader, message: Message, uuidForm: UuidForm): Buffer {
  const { position, target, retryCount } = message;
  const original = eventAt(log, position);
  const recorded = (field: number, event: LogEvent) =>
    bytesField(field, idField(event.id, uuidForm), event.body, placeFields(event, position));
  const content =
    target === undefined
      ? [recorded(READ_EVENT.event, original)]
      : [
          target === 'gone' ? EMPTY : recorded(READ_EVENT.event, eventAt(log, target)),
          recorded(READ_EVENT.link, original),
        ];
  return bytesField(
    CONTENT.event,
    ...content,
    varintField(READ_EVENT.commitPosition, position),
    varintField(READ_EVENT.retryCount, retryCount),
  );
}

/** Of a field that comes twice the last one counts. */
function placeFields(event: LogEvent, position: number): Buffer {
  if (event.position === position) return EMPTY;
  return Buffer.concat([
    varintField(RECORDED_FIELD.prepare, position),
    varintField(RECORDED_FIELD.commit, position),
  ]);
}

function eventAt(log: LogReader, position: number): LogEvent {
  const event = log.eventAt(position);
  if (!event) throw new Error('a message names an event that is not in the log');
  return event;
}
