// Writing and reading streams in few words, shared by the scenarios.
import {
  event,
  expected,
  STREAM_METADATA,
  type AppendReply,
  type Expectation,
  type WireEvent,
} from '../wire/append.js';
import { labelsOf } from '../wire/ids.js';
import { type Name } from '../wire/protobuf.js';
import { brief, type ReadMessage, type Recorded } from '../wire/read-reply.js';
import {
  all,
  BACKWARD,
  counted,
  directed,
  onStream,
  type FromRevision,
  type Part,
} from '../wire/read-request.js';
import { type Server } from '../wire/server.js';

const WHOLE = { ms: 120_000, until: 1_000_000 };

/** Selects unary Append where the client would use BatchAppend; an insecure server ignores it. */
export const UNARY = { credentials: { username: 'admin', password: 'changeit' } };

/** Messages on one line. */
export const lineOf = (messages: ReadMessage[], name?: (recorded: Recorded) => unknown): string =>
  messages.map((message) => String(brief(message, name))).join(' ');

export function streamsOf({ rawAppend, rawRead }: Server) {
  /** The whole reply of a read that ends by itself. */
  const readWhole = (...parts: Part[]) => rawRead(all(...parts), WHOLE);
  const readFrom = (stream: Name, from: FromRevision, count: number | string, ...more: Part[]) =>
    readWhole(onStream(stream, from), counted(count), ...more);
  return {
    /** Appends events labelled `<stream>/<label>`. */
    write: (stream: string, ...labels: (string | number)[]): Promise<AppendReply> =>
      rawAppend(
        stream,
        expected.any,
        labels.map((label) => event(`${stream}/${label}`)),
      ),
    /** Appends so many events, labelled by their numbers. */
    writeMany: (stream: string, count: number): Promise<AppendReply> =>
      rawAppend(
        stream,
        expected.any,
        labelsOf(`${stream}/`, count).map((label) => event(label)),
      ),
    /** Appends metadata of a stream, as the text that is given. */
    setMetadata: (
      stream: string,
      data: string,
      more: Partial<WireEvent> = {},
      at: Expectation = expected.any,
    ): Promise<AppendReply> => {
      const metadata = event(`${stream}/meta/${data}`, { meta: STREAM_METADATA, data, ...more });
      return rawAppend(`$$${stream}`, at, [metadata]);
    },
    readWhole,
    readFrom,
    /** A read of a stream on one line. */
    readLine: async (
      stream: string,
      direction: number,
      from: FromRevision,
      count: number | string,
      ...more: Part[]
    ) => lineOf(await readFrom(stream, from, count, directed(direction), ...more)),
    readLast: (stream: string, count: number) => readFrom(stream, 'end', count, directed(BACKWARD)),
  };
}
