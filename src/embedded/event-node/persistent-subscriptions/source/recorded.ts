// What a group must know of an event beside what the log tells of each.
import { fieldsOf } from '../../protobuf.js';
import { RECORDED_FIELD, type LogEvent } from '../../store/record.js';

/** The revision as readers are told it: that of a tombstone is 2^63-1. */
export function revisionIn({ body }: LogEvent): bigint {
  for (const { number, varint } of fieldsOf(body)) {
    if (number === RECORDED_FIELD.revision) return varint;
  }
  return 0n;
}

/** `$correlationId` in the metadata of an event, if they are JSON and have one. */
export function correlationIdOf({ body }: LogEvent): string | undefined {
  for (const { number, bytes } of fieldsOf(body)) {
    if (number === RECORDED_FIELD.custom) return correlationIdIn(bytes.toString());
  }
  return undefined;
}

function correlationIdIn(metadata: string): string | undefined {
  if (!metadata.includes('$correlationId')) return undefined;
  try {
    const parsed: unknown = JSON.parse(metadata);
    const id = (parsed as { $correlationId?: unknown } | null)?.$correlationId;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
