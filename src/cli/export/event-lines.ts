// Events of a ledger as lines of JSON: all that was written when they were appended, and nothing that a
// store adds by itself, so that a copy of a ledger exports to the same bytes as the ledger.
import { type ChainedEvent } from '../../event-store/hash-chain.js';

export const EVENTS_NAME = 'events.jsonl';

export function lineOf({ revision, id, type, data, metadata }: ChainedEvent): string {
  return `${JSON.stringify({ revision, id, type, data, metadata })}\n`;
}

/** Undefined when the text is not such a line. */
export function eventOfLine(text: string, stream: string): ChainedEvent | undefined {
  const { revision, id, type, data, metadata } = fieldsOf(text);
  if (typeof revision !== 'number' || typeof id !== 'string' || typeof type !== 'string') {
    return undefined;
  }
  if (!isObject(data) || !isObject(metadata)) return undefined;
  return { stream, revision, id, type, data, metadata };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
