// The states in which an append, a delete or a tombstone can find a stream, and how each is made.
import { event, expected } from '../wire/append.js';
import { eventsIn } from '../wire/read-reply.js';
import { type Server } from '../wire/server.js';
import { streamsOf } from './streams.js';

/** Names of the positions of the events that were written: `@a`; `@a2` for the same id again. */
type Known = Map<string, string>;

type MakeState = (server: Server, stream: string) => Promise<Known>;

/** Appends events with these labels; the names of their positions. */
async function write(server: Server, stream: string, labels: string): Promise<Known> {
  const { write: append, readLast } = streamsOf(server);
  await append(stream, ...labels);
  const written = eventsIn(await readLast(stream, labels.length)).reverse();
  const nameOf = (label = '', place: number) =>
    labels.indexOf(label) === place ? `@${label}` : `@${label}2`;
  return new Map(
    written.map((recorded, place) => [recorded.pos[0].$pos, nameOf(labels[place], place)]),
  );
}

/** Appends the same ids to another stream. */
const writeElsewhere = ({ rawAppend }: Server, stream: string, labels: string) =>
  rawAppend(
    `${stream}-other`,
    expected.any,
    [...labels].map((label) => event(`${stream}/${label}`)),
  );

const written =
  (labels: string): MakeState =>
  (server, stream) =>
    write(server, stream, labels);

/** What is written, and then something done with the stream. */
const writtenThen =
  (labels: string, act: (server: Server, stream: string) => Promise<unknown>): MakeState =>
  async (server, stream) => {
    const known = await write(server, stream, labels);
    await act(server, stream);
    return known;
  };

const softDelete = ({ client }: Server, stream: string) => client.deleteStream(stream);

export const STATES: Record<string, MakeState> = {
  'never written': () => Promise.resolve(new Map()),
  'three events': written('abc'),
  'three appends': async (server, stream) => {
    const known: [string, string][] = [];
    for (const label of 'abc') known.push(...(await write(server, stream, label)));
    return new Map(known);
  },
  'soft-deleted': writtenThen('abc', softDelete),
  recreated: async (server, stream) => {
    const known = await writtenThen('abc', softDelete)(server, stream);
    return new Map([...known, ...(await write(server, stream, 'de'))]);
  },
  'truncated before 3': writtenThen('abcde', ({ client }, stream) =>
    client.setStreamMetadata(stream, { truncateBefore: 3 }),
  ),
  'truncated beyond the end': writtenThen('abc', ({ client }, stream) =>
    client.setStreamMetadata(stream, { truncateBefore: 50 }),
  ),
  'maxCount 1': writtenThen('abc', ({ client }, stream) =>
    client.setStreamMetadata(stream, { maxCount: 1 }),
  ),
  tombstoned: writtenThen('abc', ({ client }, stream) => client.tombstoneStream(stream)),
  'metadata only': async ({ client }, stream) => {
    await client.setStreamMetadata(stream, { maxCount: 7 });
    return new Map();
  },
  'metadata only, soft-deleted': async ({ client }, stream) => {
    await client.setStreamMetadata(stream, { maxCount: 7 });
    await client.deleteStream(stream);
    return new Map();
  },
  'the same id twice': written('aa'),
  'ids used later in another stream too': writtenThen('abc', (server, stream) =>
    writeElsewhere(server, stream, 'abc'),
  ),
  'ids used earlier in another stream too': async (server, stream) => {
    await writeElsewhere(server, stream, 'abc');
    return write(server, stream, 'abc');
  },
  'ids used in another stream': async (server, stream) => {
    await writeElsewhere(server, stream, 'abc');
    return new Map();
  },
};
