// What a consumer sends: who it is, once, then what became of messages. Decoded by hand, because
// every message has an answer.
import { handlerError } from '../../errors.js';
import { fieldsOf } from '../../protobuf.js';
import { idKey } from '../../store/record.js';
import { decodeUuid, type UuidForm } from '../../uuid.js';
import { ALL } from '../config.js';
import { type GroupName } from '../errors.js';
import { type Nack, type NackAction } from '../group/deliveries.js';

export type ConsumerMessage =
  | { kind: 'options'; options: ConsumerOptions }
  | { kind: 'ack'; ids: string[] }
  | { kind: 'nack'; nack: Nack }
  /** Neither, or an answer that cannot be understood. */
  | { kind: 'other' };

interface ConsumerOptions extends GroupName {
  bufferSize: number;
  uuidForm: UuidForm | undefined;
}

const MESSAGE_FIELD = { options: 1, ack: 2, nack: 3 };
const OPTIONS_FIELD = { stream: 1, group: 2, bufferSize: 3, uuidOption: 4, all: 5 };
const STREAM_NAME_FIELD = 3;
const UUID_STRING_FIELD = 2;
const ANSWER_FIELD = { ids: 2, action: 3, reason: 4 };
/** By their numbers; unknown means to try again, and stop that it is done. */
const ACTIONS: NackAction[] = ['retry', 'park', 'retry', 'skip', 'skip'];

export function decodeConsumerMessage(message: Buffer): ConsumerMessage {
  let decoded: ConsumerMessage = { kind: 'other' };
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === MESSAGE_FIELD.options) {
      decoded = { kind: 'options', options: decodeOptions(bytes) };
    }
    if (number === MESSAGE_FIELD.ack) decoded = decodeAck(bytes);
    if (number === MESSAGE_FIELD.nack) decoded = decodeNack(bytes);
  }
  return decoded;
}

/** The first message of a consumer must say what it wants. */
export function checkedOptions(message: ConsumerMessage): ConsumerOptions & { uuidForm: UuidForm } {
  if (message.kind !== 'options') throw handlerError();
  const { stream, group, bufferSize, uuidForm } = message.options;
  if (stream === '' || group === '' || bufferSize < 0 || !uuidForm) throw handlerError();
  return { stream, group, bufferSize, uuidForm };
}

function decodeOptions(message: Buffer): ConsumerOptions {
  const options: ConsumerOptions = {
    stream: '',
    group: '',
    bufferSize: 0,
    uuidForm: undefined,
  };
  for (const { number, bytes, varint } of fieldsOf(message)) {
    if (number === OPTIONS_FIELD.stream) options.stream = streamName(bytes);
    if (number === OPTIONS_FIELD.all) options.stream = ALL;
    if (number === OPTIONS_FIELD.group) options.group = bytes.toString();
    if (number === OPTIONS_FIELD.bufferSize) options.bufferSize = Number(BigInt.asIntN(32, varint));
    if (number === OPTIONS_FIELD.uuidOption) options.uuidForm = uuidForm(bytes);
  }
  return options;
}

function streamName(identifier: Buffer): string {
  let name = '';
  for (const { number, bytes } of fieldsOf(identifier)) {
    if (number === STREAM_NAME_FIELD) name = bytes.toString();
  }
  return name;
}

function uuidForm(option: Buffer): UuidForm {
  for (const { number } of fieldsOf(option)) if (number === UUID_STRING_FIELD) return 'string';
  return 'structured';
}

function decodeAck(message: Buffer): ConsumerMessage {
  const ids: string[] = [];
  for (const { number, bytes } of fieldsOf(message)) {
    if (number !== ANSWER_FIELD.ids) continue;
    const id = decodeUuid(bytes);
    if (typeof id === 'string') return { kind: 'other' };
    ids.push(idKey(id));
  }
  return { kind: 'ack', ids };
}

function decodeNack(message: Buffer): ConsumerMessage {
  const answer = decodeAck(message);
  let action: NackAction | undefined = ACTIONS[0];
  let reason = '';
  for (const { number, bytes, varint } of fieldsOf(message)) {
    if (number === ANSWER_FIELD.action) action = ACTIONS[Number(varint)];
    if (number === ANSWER_FIELD.reason) reason = bytes.toString();
  }
  if (answer.kind !== 'ack' || !action) return { kind: 'other' };
  return { kind: 'nack', nack: { ids: answer.ids, action, reason } };
}
