// Appending through the official client: expected revisions, events that are sent again, payloads.
import {
  ANY,
  NO_STREAM,
  STREAM_EXISTS,
  type AppendExpectedRevision,
  type AppendResult,
  type EventData,
} from '@eventstore/db-client';
import { allOf, appended, attempt, isError, type ClientError } from '../wire/client-results.js';
import { binaryEventOf, jsonEventOf } from '../wire/ids.js';
import { type Subject } from '../scenario.js';
import { throughBothKinds, type KindOptions } from './both-kinds.js';

const WITHOUT_REVISION = { any: ANY, no_stream: NO_STREAM, exists: STREAM_EXISTS } as const;

/** Expectations by name: those without a revision, then these revisions. */
const expectations = (...revisions: number[]): [string, AppendExpectedRevision][] => [
  ...Object.entries(WITHOUT_REVISION),
  ...revisions.map((revision): [string, bigint] => [String(revision), BigInt(revision)]),
];

export const appendThroughTheClient: Subject = ({ client, clientWith }) => {
  const append = async (
    stream: string,
    events: EventData | EventData[],
    options: KindOptions & { expectedRevision?: AppendExpectedRevision },
  ) => appended(await attempt(() => client.appendToStream(stream, events, options)));
  const three = (stream: string) => ['a', 'b', 'c'].map((label) => jsonEventOf(stream + label));
  const writeThree = (stream: string, options: KindOptions) =>
    client.appendToStream(stream, three(stream), { expectedRevision: NO_STREAM, ...options });

  return {
    ...throughBothKinds('append: first write', async (say, stream, options) => {
      for (const [name, expectedRevision] of expectations(0, 5)) {
        const event = jsonEventOf(`${stream}-${name}`);
        say(name, await append(`${stream}-${name}`, event, { expectedRevision, ...options }));
      }
    }),

    ...throughBothKinds('append: existing stream', async (say, stream, options) => {
      for (const [name, expectedRevision] of expectations(0, 1, 2, 7)) {
        const own = `${stream}-${name}`;
        await writeThree(own, options);
        say(name, await append(own, jsonEventOf(`${own}d`), { expectedRevision, ...options }));
      }
    }),

    ...throughBothKinds('append: the same events again', async (say, stream, options) => {
      for (const [name, expectedRevision] of expectations(0, 2)) {
        const own = `${stream}-${name}`;
        await writeThree(own, options);
        say(name, await append(own, three(own), { expectedRevision, ...options }));
        say(`${name} count`, (await allOf(client.readStream(own))).length);
      }
    }),

    ...throughBothKinds('append: a part again', async (say, stream, options) => {
      await writeThree(stream, options);
      const cases: [string, string, AppendExpectedRevision][] = [
        ['middle at 0', 'bc', 0n],
        ['tail at 1', 'c', 1n],
        ['prefix no_stream', 'ab', NO_STREAM],
        ['prefix any', 'ab', ANY],
        ['overlap at 1', 'cd', 1n],
        ['overlap any', 'cd', ANY],
        ['swapped at 0', 'cb', 0n],
        ['other no_stream', 'e', NO_STREAM],
        ['new then old any', 'da', ANY],
        ['last at 2', 'c', 2n],
      ];
      for (const [name, labels, expectedRevision] of cases) {
        const events = [...labels].map((label) => jsonEventOf(stream + label));
        say(name, await append(stream, events, { expectedRevision, ...options }));
        const read = await allOf(client.readStream(stream));
        say(
          `${name} then`,
          read.map(({ event }) => event?.id),
        );
      }
    }),

    ...throughBothKinds('append: same id twice in one', async (say, stream, options) => {
      const event = jsonEventOf(`${stream}a`);
      const expectedRevision = NO_STREAM;
      say('twice', await append(stream, [event, event], { expectedRevision, ...options }));
      say('read', await allOf(client.readStream(stream)));
    }),

    ...throughBothKinds('append: no events', async (say, stream, options) => {
      say('new', await append(stream, [], options));
      await client.appendToStream(stream, [jsonEventOf(`${stream}a`)], options);
      say('existing', await append(stream, [], options));
      say('existing at 0', await append(stream, [], { expectedRevision: 0n, ...options }));
      say('existing at 9', await append(stream, [], { expectedRevision: 9n, ...options }));
    }),

    ...throughBothKinds('append: too big', async (say, stream, options) => {
      const big = (label: string, size: number) =>
        jsonEventOf(stream + label, { x: 'y'.repeat(size) });
      say('1.2 MB', await append(stream, big('a', 1_200_000), options));
      say('then', await allOf(client.readStream(stream)));
      const events = ['b', 'c', 'd'].map((label) => big(label, 500_000));
      say('3 x 0.5 MB', await append(stream, events, options));
    }),

    ...throughBothKinds('append: payload kinds', async (say, stream, options) => {
      const binary = binaryEventOf(`${stream}bin`, [0, 1, 2, 255], 'B', [9, 8]);
      say('binary', await append(stream, binary, options));
      const metadata = { $correlationId: 'x', who: 'y' };
      const json = jsonEventOf(`${stream}m`, { a: [1, 'ü', null, true] }, 'Typ-é', metadata);
      say('json meta', await append(stream, json, options));
      say('read', await allOf(client.readStream(stream)));
    }),

    ...throughBothKinds('append: throwOnAppendFailure=false', async (say, stream, options) => {
      const quiet = clientWith('throwOnAppendFailure=false');
      const go = async (
        step: string,
        to: string,
        expectedRevision: AppendExpectedRevision,
        label: string,
      ) => {
        const event = jsonEventOf(stream + label);
        const call = () => quiet.appendToStream(to, event, { ...options, expectedRevision });
        say(step, withoutPosition(await attempt(call)));
      };
      await client.appendToStream(stream, three(stream), options);
      await go('conflict, no_stream', stream, NO_STREAM, 'd');
      await go('conflict, 7', stream, 7n, 'e');
      await go('conflict, never written', `${stream}-none`, 7n, 'f');
      await go('success', stream, 2n, 'g');
      await client.tombstoneStream(stream);
      await go('tombstoned', stream, ANY, 'h');
    }),
  };
};

function withoutPosition(result: AppendResult | ClientError) {
  if (isError(result)) return result;
  return {
    success: result.success,
    next: String(result.nextExpectedRevision),
    position: result.position ? 'set' : 'not set',
  };
}
