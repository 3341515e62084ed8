// Reads of streams in every state: where they begin, where they end, how much they give.
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expected } from '../wire/append.js';
import { MAX_LONG, MAX_ULONG } from '../wire/numbers.js';
import { fill } from '../wire/protobuf.js';
import {
  all,
  BACKWARD,
  counted,
  directed,
  FORWARD,
  onAll,
  type FromRevision,
  type Part,
} from '../wire/read-request.js';
import { type Server } from '../wire/server.js';
import { eachOf, waitFor } from '../wire/waiting.js';
import { type Subject } from '../scenario.js';
import { lineOf, streamsOf } from './streams.js';

const DIRECTIONS = [
  ['forwards', FORWARD],
  ['backwards', BACKWARD],
] as const;

const FROM_MANY = [
  ...['start', 'end', 0, 1, 3, 4, 5, 7, 9, 10, 39, 40, 69, 99],
  ...[MAX_LONG, MAX_ULONG],
];
const FROM_FEW = ['start', 'end', 0, 3];
const AT_A_TIME = 4;

/** Streams in every state a read can meet, by the name of the state. */
async function prepare(server: Server, prefix: string): Promise<[state: string, stream: string][]> {
  const { write, writeMany, setMetadata, readLine } = streamsOf(server);
  const { rawDelete, rawTombstone } = server;
  const made: [string, string][] = [];
  const make = async (state: string, count: number, metadata?: string) => {
    const stream = `${prefix}-${state}`;
    if (count > 0) await writeMany(stream, count);
    if (metadata !== undefined) await setMetadata(stream, metadata);
    made.push([state, stream]);
    return stream;
  };
  await make('ten', 10);
  await make('seventy', 70);
  await make('tb4', 10, '{"$tb":4}');
  await make('count3', 10, '{"$maxCount":3}');
  await make('count3 tb8', 10, '{"$maxCount":3,"$tb":8}');
  await make('seventy tb40', 70, '{"$tb":40}');
  await make('tb50', 10, '{"$tb":50}');
  await rawDelete(await make('deleted', 5), expected.any);
  const recreated = await make('recreated', 5);
  await rawDelete(recreated, expected.any);
  await write(recreated, 'x', 'y');
  await waitFor(async () => (await readLine(recreated, FORWARD, 'start', 9)) === '5 6 end');
  await make('metadata only', 0, '{"$tb":1}');
  await rawTombstone(await make('tombstoned', 3), expected.any);
  await make('never written', 0);
  return made;
}

/** The option by which the server knows what a client can read. */
const compatible =
  (compatibility: number): Part =>
  (options) => {
    const control = new streams.ReadReq.Options.ControlOption();
    options.setControlOption(fill(control, { compatibility }));
  };

export const readBounds: Subject = (server) => {
  const { writeMany, readLine, readWhole } = streamsOf(server);
  /** One read for each place to begin at and each count, by both. */
  const readTable = async (
    stream: string,
    direction: number,
    froms: readonly FromRevision[],
    counts: Record<string, number | string>,
    ...more: Part[]
  ) => {
    const rows = await eachOf(froms, AT_A_TIME, async (from) => {
      const row: Record<string, string> = {};
      for (const [name, count] of Object.entries(counts)) {
        row[name] = await readLine(stream, direction, from, count, ...more);
      }
      return [`from ${from}`, row] as const;
    });
    return Object.fromEntries(rows);
  };

  return {
    'read: bounds': async (say) => {
      const counts = { '1': 1, '3': 3, all: MAX_ULONG };
      for (const [state, stream] of await prepare(server, 'rb')) {
        const froms = /deleted|only|tombstoned|never/.test(state) ? FROM_FEW : FROM_MANY;
        for (const [word, direction] of DIRECTIONS) {
          say(`${state}, ${word}`, await readTable(stream, direction, froms, counts));
        }
      }
    },

    'read: counts': async (say) => {
      await writeMany('rc-ten', 10);
      for (const count of ['0', '1', '32', '33', '9223372036854775808', MAX_ULONG]) {
        say(`stream forwards ${count}`, await readLine('rc-ten', FORWARD, 'start', count));
        say(`stream backwards ${count}`, await readLine('rc-ten', BACKWARD, 'end', count));
      }
      for (const [word, direction] of DIRECTIONS) {
        // A real server reads on for ever.
        const from = onAll(direction === FORWARD ? 'start' : 'end');
        const read = server.openRead(all(from, directed(direction), counted(0)));
        await read.until(() => read.ended, 1000);
        say(`$all ${word} 0`, read.ended ? lineOf(read.messages) : 'nothing, does not end');
        read.cancel();
      }
      say('missing stream, 0', await readLine('rc-none', FORWARD, 'start', 0));
    },

    'read: compatibility 1': async (say) => {
      const froms = ['start', 'end', 0, 3, 9, 10, 99];
      const counts = { '1': 1, '3': 3, all: 100 };
      for (const [state, stream] of await prepare(server, 'rk')) {
        for (const [word, direction] of DIRECTIONS) {
          const step = `${state}, ${word}`;
          say(step, await readTable(stream, direction, froms, counts, compatible(1)));
          if (state !== 'ten') continue;
          for (const compatibility of [2, 0]) {
            const option = compatible(compatibility);
            const line = await readLine(stream, direction, 'start', 3, option);
            say(`${step}, compatibility ${compatibility}`, line);
          }
        }
      }
      const last = await readWhole(onAll('end'), counted(3), compatible(1));
      say('$all, compatibility 1', lineOf(last));
    },
  };
};
