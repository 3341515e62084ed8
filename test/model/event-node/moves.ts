// Random things to do with a few streams. They share their few event ids, so that retries happen.
import fc from 'fast-check';
import { type Expected, type StreamsModel } from './streams-model.js';

export type Move =
  | { do: 'append'; stream: string; expected: Expectation; letters: string; batch: boolean }
  | { do: 'metadata'; stream: string; data: string }
  | { do: 'delete' | 'tombstone'; stream: string; expected: Expectation }
  | { do: 'read'; stream: string; from: From; count: number; backwards: boolean }
  | { do: 'subscribe'; stream: string; from: From }
  | { do: 'restart' };

export type From = number | 'start' | 'end';

/** A number is told from the last revision: 0 is right, 1 is in the future. */
export type Expectation = 'any' | 'no_stream' | 'stream_exists' | number;

const STREAMS = ['a', 'b'];
const METADATA = [
  ...[
    '{}',
    '{"$maxCount":1}',
    '{"$maxCount":2,"mine":"x"}',
    '{"$tb":1}',
    '{"$tb":2,"$maxCount":9}',
  ],
  ...['{"$tb":50}', '{"$tb":9223372036854775807,"mine":[1]}', '{{{'],
];

const stream = fc.constantFrom(...STREAMS);
const anyStream = fc.constantFrom(...STREAMS, ...STREAMS.map((name) => `$$${name}`));
const expectation: fc.Arbitrary<Expectation> = fc.oneof(
  fc.constantFrom<Expectation>('any', 'no_stream', 'stream_exists'),
  fc.integer({ min: -3, max: 1 }),
);
const from: fc.Arbitrary<From> = fc.oneof(
  fc.constantFrom<From>('start', 'end'),
  fc.nat({ max: 6 }),
);
const letters = fc
  .array(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 3 })
  .map((list) => list.join(''));

export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    {
      weight: 14,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        stream,
        expected: expectation,
        letters,
        batch: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('metadata' as const),
        stream,
        data: fc.constantFrom(...METADATA),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('delete' as const),
        stream: anyStream,
        expected: expectation,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('tombstone' as const),
        stream: anyStream,
        expected: expectation,
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('read' as const),
        stream: anyStream,
        from,
        count: fc.integer({ min: 1, max: 5 }),
        backwards: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('subscribe' as const), stream: anyStream, from }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ),
  { minLength: 1, maxLength: 40, size: 'max' },
);

export function expectedOf(model: StreamsModel, name: string, expectation: Expectation): Expected {
  if (typeof expectation !== 'number') return expectation;
  return BigInt(Math.max(0, model.last(name) + expectation));
}
