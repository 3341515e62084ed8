// The streams that groups keep for themselves. They are ordinary streams: anybody may read them.
import { EMPTY } from '../../protobuf.js';
import { bodyOf } from '../../store/event-body.js';
import { type NodeStore } from '../../store/node-store.js';
import { newUuid } from '../../uuid.js';

export const checkpointStreamOf = (key: string) => `$persistentsubscription-${key}-checkpoint`;

export const parkedStreamOf = (key: string) => `$persistentsubscription-${key}-parked`;

export interface OwnEvent {
  type: string;
  isJson: boolean;
  data: string;
  metadata?: string;
}

/** The revision it was given; rejects with UNAVAILABLE if it cannot be written. */
export async function write(store: NodeStore, stream: string, event: OwnEvent): Promise<number> {
  const { type, isJson, data, metadata = '' } = event;
  const outcome = await store.append({
    stream,
    expected: 'any',
    events: [
      {
        id: newUuid(),
        type,
        isJson,
        data: Buffer.from(data),
        metadata: metadata === '' ? EMPTY : Buffer.from(metadata),
      },
    ],
  });
  if (outcome.kind !== 'success') throw new Error(`${stream} is tombstoned`);
  return outcome.lastRevision;
}

/** The data of the last event that can be read. */
export function lastData(store: NodeStore, stream: string): string | undefined {
  const event = store.streams.readableEvent(stream, -1);
  return event && bodyOf(event).data.toString();
}

/** Soft-deletes a stream, if it was ever written. */
export async function remove(store: NodeStore, stream: string): Promise<void> {
  if (!store.streams.stream(stream).head) return;
  await store.delete({ kind: 'delete', stream, expected: 'any' });
}
