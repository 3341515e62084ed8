// What is inside an event, for the few who must know: resolving links, metadata, ages. Readers are
// sent the stored bytes as they are.
import { EMPTY, fieldsOf } from '../protobuf.js';
import { RECORDED_FIELD, type LogEvent } from './record.js';

export interface EventBody {
  data: Buffer;
  isJson: boolean;
  createdMs: number;
}

const TICKS_PER_MS = 10_000;
const JSON_CONTENT_TYPE = 'application/json';

export function bodyOf(event: LogEvent): EventBody {
  const body: EventBody = { data: EMPTY, isJson: false, createdMs: 0 };
  for (const { number, bytes } of fieldsOf(event.body)) {
    if (number === RECORDED_FIELD.data) body.data = bytes;
    if (number === RECORDED_FIELD.metadata) readEntry(bytes, body);
  }
  return body;
}

function readEntry(entry: Buffer, body: EventBody): void {
  let key = '';
  let value = '';
  for (const { number, bytes } of fieldsOf(entry)) {
    if (number === 1) key = bytes.toString();
    if (number === 2) value = bytes.toString();
  }
  if (key === 'created') body.createdMs = Number(value) / TICKS_PER_MS;
  if (key === 'content-type') body.isJson = value === JSON_CONTENT_TYPE;
}
