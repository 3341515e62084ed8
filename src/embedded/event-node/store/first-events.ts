// What a new log begins with, as on EventStoreDB: an epoch, which never shows in $all, and how long
// the history of scavenges would be kept, for operators to read.
import { EMPTY } from '../protobuf.js';
import { newUuid, formatUuid } from '../uuid.js';
import { type Append } from './stream-writer.js';
import { EPOCH_STREAM, METADATA_TYPE, metastreamOf } from './system-streams.js';

const SCAVENGES_STREAM = '$scavenges';
const SCAVENGES_AGE_SECONDS = 30 * 24 * 60 * 60;
const NO_POSITION = -1;

/** `instanceId` is that of the node, 16 bytes. */
export function firstEvents(instanceId: Buffer): Append[] {
  const epoch = {
    epochId: formatUuid(newUuid()),
    leaderInstanceId: formatUuid(instanceId),
    prevEpochPosition: NO_POSITION,
    timeStamp: new Date().toISOString(),
  };
  return [
    append(EPOCH_STREAM, EPOCH_STREAM, epoch),
    append(metastreamOf(SCAVENGES_STREAM), METADATA_TYPE, {
      $maxAge: SCAVENGES_AGE_SECONDS,
      $acl: { $r: ['$ops'] },
    }),
  ];
}

function append(stream: string, type: string, content: object): Append {
  const data = Buffer.from(JSON.stringify(content));
  const event = { id: newUuid(), type, isJson: true, data, metadata: EMPTY };
  return { stream, expected: 'no_stream', events: [event] };
}
