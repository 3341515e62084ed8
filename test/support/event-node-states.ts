// Brings a stream of an event node into a state, by what is done on the wire.
import { type Step } from '../contract/append-decisions.js';
import {
  append,
  counted,
  deleteStream,
  idOf,
  onStream,
  openRead,
  readRequest,
  type StreamsClient,
  type WireEvent,
} from './event-node-wire.js';

/** Events of a stream whose ids are told by single letters. */
export const lettered = (stream: string, letters: Iterable<string>): WireEvent[] =>
  Array.from(letters, (letter) => ({ id: idOf(`${stream}/${letter}`) }));

const METADATA = { type: '$metadata', 'content-type': 'application/json' };
let metadataWritten = 0;

/** Writes a text as the metadata of a stream. */
export function setMetadata(client: StreamsClient, stream: string, data: string) {
  const id = idOf(`metadata ${metadataWritten++}`);
  return append(client, `$$${stream}`, 'any', [{ id, metadata: METADATA, data }]);
}

/** The positions of what was written to the stream, by revision, whether it can be read or not. */
export async function prepare(
  client: StreamsClient,
  stream: string,
  steps: Step[],
): Promise<Map<number, number>> {
  const positions = new Map<number, number>();
  for (const step of steps) {
    if (typeof step === 'string') {
      const { text } = await deleteStream(client, step, { stream, expected: 'any' });
      if (text !== 'ok') throw new Error(text);
    } else if ('metadata' in step) await setMetadata(client, stream, step.metadata);
    else if ('elsewhere' in step) {
      await append(client, `${stream}-other`, 'any', lettered(stream, step.elsewhere));
    } else {
      // At the last revision, so that ids known elsewhere do not matter.
      const last = positions.size === 0 ? 'no_stream' : BigInt(positions.size - 1);
      await append(client, stream, last, lettered(stream, step.write));
      for (const [revision, position] of await visible(client, stream)) {
        positions.set(revision, position);
      }
    }
  }
  return positions;
}

/** Revisions and positions of the events of a stream that can be read. */
export async function visible(client: StreamsClient, stream: string): Promise<[number, number][]> {
  const request = readRequest((options) => {
    onStream(stream, 'start')(options);
    counted(100, false)(options);
  });
  const reading = openRead(client, request);
  await reading.whole();
  return reading.replies.flatMap((reply): [number, number][] => {
    const event = reply.getEvent()?.getEvent();
    return event ? [[Number(event.getStreamRevision()), Number(event.getCommitPosition())]] : [];
  });
}
