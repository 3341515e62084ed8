// Streams that are read from memory: what the node says of itself. Whatever is written to a stream
// with such a name is never found.
import { EMPTY } from '../protobuf.js';
import { appendContext, decodeRecord, encodeEvent, type LogEvent } from './record.js';
import { formatUuid, newUuid } from '../uuid.js';

/** The one event of a stream in memory, at revision 0; undefined if there is none of that name. */
export type MemoryStreams = (name: string) => LogEvent | undefined;

const PREFIX = '$mem-';

export const isMemoryStream = (name: string) => name.startsWith(PREFIX);

/** `instanceId` is the one that gossip tells, 16 bytes. */
export function createMemoryStreams(instanceId: Buffer): MemoryStreams {
  const id = formatUuid(instanceId);
  const members = [{ InstanceId: id, State: 'Leader', IsAlive: true }];
  const events = new Map([
    [`${PREFIX}node-state`, { type: '$NodeStateChanged', data: { State: 'Leader' } }],
    [`${PREFIX}gossip`, { type: '$GossipUpdated', data: { NodeId: id, Members: members } }],
  ]);
  const startedMs = Date.now();
  return (name) => {
    const event = events.get(name);
    return event && recorded(name, event, startedMs);
  };
}

function recorded(name: string, event: { type: string; data: object }, createdMs: number) {
  const proposed = {
    id: newUuid(),
    type: event.type,
    isJson: true,
    data: Buffer.from(JSON.stringify(event.data)),
    metadata: EMPTY,
  };
  const at = { revision: 0, position: 0 };
  return decodeRecord(0, encodeEvent(appendContext(name, createdMs), proposed, at));
}
