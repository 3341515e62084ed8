// The commit decision as a table: what an append comes to, for the states a stream can be in, the
// revisions a writer can expect, and new or re-sent event ids. Seen on EventStoreDB 24.6; run against
// the pure decision and, over the wire, against Append and BatchAppend.

export interface StateOfStream {
  /** Ids written to another stream first. */
  elsewhere: string[];
  /** Ids written to the stream, one list for each append. */
  appends: string[][];
}

export const STATES = {
  'never written': { elsewhere: [], appends: [] },
  'one append of three': { elsewhere: [], appends: [['a', 'b', 'c']] },
  'three appends': { elsewhere: [], appends: [['a'], ['b'], ['c']] },
  'one id twice': { elsewhere: [], appends: [['a', 'a']] },
  'ids known elsewhere': { elsewhere: ['a', 'b', 'c'], appends: [['a', 'b', 'c']] },
  'ids only elsewhere': { elsewhere: ['a', 'b', 'c'], appends: [] },
} satisfies Record<string, StateOfStream>;

type Expected = 'any' | 'no_stream' | 'stream_exists' | bigint;

/** `new 3`: written, last revision 3. `same 1`: known, nothing written. `wrong 2`: conflict. */
export type Outcome = `new ${number}` | `same ${number}` | `wrong ${number}`;

export interface DecisionCase {
  state: keyof typeof STATES;
  expected: Expected;
  ids: string[];
  outcome: Outcome;
}

const rows = (
  state: keyof typeof STATES,
  expected: Expected,
  outcomes: Record<string, Outcome>,
): DecisionCase[] =>
  Object.entries(outcomes).map(([ids, outcome]) => ({
    state,
    expected,
    ids: ids === 'none' ? [] : [...ids],
    outcome,
  }));

/** Re-sending to a stream whose ids are in the cache, without a revision to go by. */
const RECENT: Record<string, Outcome> = {
  abc: 'same 2',
  a: 'same 0',
  ab: 'same 1',
  b: 'same 1',
  bc: 'same 2',
  ba: 'same 0',
  aa: 'same 0',
  abcn: 'wrong 2',
  cn: 'wrong 2',
  n: 'new 3',
  nm: 'new 4',
  na: 'new 4',
  none: 'new 2',
};

/** Re-sending at the start of a stream of three, whatever the cache says. */
const FROM_START: Record<string, Outcome> = {
  abc: 'same 2',
  ab: 'same 1',
  a: 'same 0',
  abcn: 'wrong 2',
  ba: 'wrong 2',
  aa: 'wrong 2',
  b: 'wrong 2',
  n: 'wrong 2',
  none: 'wrong 2',
};

export const DECISIONS: DecisionCase[] = [
  ...rows('never written', 'any', { n: 'new 0', nm: 'new 1', none: 'new -1' }),
  ...rows('never written', 'no_stream', { n: 'new 0', nm: 'new 1', none: 'new -1' }),
  ...rows('never written', 'stream_exists', { n: 'wrong -1', none: 'wrong -1' }),
  ...rows('never written', 0n, { n: 'wrong -1', none: 'wrong -1' }),
  ...rows('never written', 2n ** 63n - 1n, { n: 'wrong -1' }),
  ...rows('one append of three', 'any', RECENT),
  ...rows('one append of three', 'stream_exists', RECENT),
  ...rows('one append of three', 'no_stream', FROM_START),
  ...rows('one append of three', 0n, { bc: 'same 2', b: 'same 1', c: 'wrong 2', none: 'wrong 2' }),
  ...rows('one append of three', 1n, { c: 'same 2', cn: 'wrong 2', b: 'wrong 2' }),
  ...rows('one append of three', 2n, { n: 'new 3', abc: 'new 5', c: 'new 3', none: 'new 2' }),
  ...rows('one append of three', 3n, { n: 'wrong 2', abc: 'wrong 2', none: 'wrong 2' }),
  ...rows('one append of three', 2n ** 63n - 1n, { n: 'wrong 2' }),
  ...rows('three appends', 'any', RECENT),
  ...rows('three appends', 'no_stream', FROM_START),
  ...rows('one id twice', 'any', { a: 'same 0', aa: 'same 0', ab: 'wrong 1', b: 'new 2' }),
  ...rows('one id twice', 'no_stream', { a: 'same 0', aa: 'same 1', ab: 'wrong 1' }),
  ...rows('one id twice', 0n, { a: 'same 1', aa: 'wrong 1' }),
  ...rows('one id twice', 1n, { a: 'new 2', aa: 'new 3' }),
  ...rows('ids known elsewhere', 'any', { abc: 'new 5', a: 'new 3', abcn: 'new 6' }),
  ...rows('ids known elsewhere', 'stream_exists', { abc: 'new 5', na: 'new 4' }),
  ...rows('ids known elsewhere', 'no_stream', FROM_START),
  ...rows('ids known elsewhere', 0n, { bc: 'same 2', b: 'same 1' }),
  ...rows('ids only elsewhere', 'any', { abc: 'new 2', a: 'new 0' }),
  ...rows('ids only elsewhere', 'no_stream', { abc: 'new 2' }),
  ...rows('ids only elsewhere', 'stream_exists', { abc: 'wrong -1' }),
];

export const titleOf = ({ state, expected, ids, outcome }: DecisionCase) =>
  `${state}, expected ${expected}, sent ${ids.join('') || 'nothing'}: ${outcome}`;
