// The commit decision as a table: what an append, a delete or a tombstone comes to, for the states a
// stream can be in, the revisions a writer can expect, and new or re-sent event ids. Seen on
// EventStoreDB 24.6; run against the pure decision and, over the wire, against Append and BatchAppend.

/** What was done before. Each letter is the id of an event. */
export type Step =
  { write: string } | { elsewhere: string } | { metadata: string } | 'delete' | 'tombstone';

export const STATES = {
  'never written': [],
  'one append of three': [{ write: 'abc' }],
  'three appends': [{ write: 'a' }, { write: 'b' }, { write: 'c' }],
  'one id twice': [{ write: 'aa' }],
  'ids known elsewhere': [{ elsewhere: 'abc' }, { write: 'abc' }],
  'ids only elsewhere': [{ elsewhere: 'abc' }],
  'soft-deleted': [{ write: 'abc' }, 'delete'],
  recreated: [{ write: 'abc' }, 'delete', { write: 'de' }],
  'deleted twice': [{ write: 'abc' }, 'delete', { write: 'de' }, 'delete'],
  'truncated before 3': [{ write: 'abcde' }, { metadata: '{"$tb":3}' }],
  'truncated beyond the end': [{ write: 'abc' }, { metadata: '{"$tb":50}' }],
  'only the last visible': [{ write: 'abc' }, { metadata: '{"$maxCount":1}' }],
  tombstoned: [{ write: 'abc' }, 'tombstone'],
  'tombstoned, never written': ['tombstone'],
  'metadata only': [{ metadata: '{"$maxCount":7}' }],
  'metadata only, soft-deleted': [{ metadata: '{"$maxCount":7}' }, 'delete'],
} satisfies Record<string, Step[]>;

type State = keyof typeof STATES;
type Expected = 'any' | 'no_stream' | 'stream_exists' | bigint;

/**
 * `new 3`: written, last revision 3. `same 1`: known, nothing written. `hidden 1`: known, but readers
 * may not see it any more. `wrong 2`: conflict. `deleted`: refused for ever, or until it is recreated.
 */
export type Outcome =
  `new ${number}` | `same ${number}` | `hidden ${number}` | `wrong ${number}` | 'deleted';

export interface DecisionCase {
  state: State;
  expected: Expected;
  ids: string[];
  outcome: Outcome;
}

const rows = (
  state: State,
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

/** The same when none of the events that are there can be read. */
const hidden = (outcomes: Record<string, Outcome>): Record<string, Outcome> =>
  Object.fromEntries(
    Object.entries(outcomes).map(([ids, outcome]) => [
      ids,
      outcome.replace('same', 'hidden') as Outcome,
    ]),
  );

/** Re-sending to a stream of five of which the first three are hidden. */
const AFTER_HIDDEN: Record<string, Outcome> = {
  abc: 'hidden 2',
  cd: 'same 3',
  de: 'same 4',
  n: 'new 5',
  none: 'new 4',
  cn: 'wrong 4',
};

const DELETED: Record<string, Outcome> = { n: 'deleted', abc: 'deleted', none: 'deleted' };

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
  ...rows('soft-deleted', 'any', hidden(RECENT)),
  ...rows('soft-deleted', 'no_stream', {
    ...hidden({ abc: 'same 2', a: 'same 0', abcn: 'wrong 2', aa: 'wrong 2', none: 'wrong 2' }),
    ...{ n: 'new 3', b: 'new 3', bc: 'new 4', ba: 'new 4', na: 'new 4' },
  }),
  ...rows('soft-deleted', 'stream_exists', DELETED),
  ...rows('soft-deleted', 0n, { bc: 'hidden 2', b: 'hidden 1', n: 'wrong 2', none: 'wrong 2' }),
  ...rows('soft-deleted', 2n, { n: 'new 3', abc: 'new 5', none: 'new 2' }),
  ...rows('soft-deleted', 3n, { n: 'wrong 2', none: 'wrong 2' }),
  ...rows('recreated', 'any', AFTER_HIDDEN),
  ...rows('recreated', 'stream_exists', AFTER_HIDDEN),
  ...rows('recreated', 'no_stream', { abc: 'hidden 2', n: 'wrong 4', de: 'wrong 4' }),
  ...rows('recreated', 1n, { c: 'hidden 2', cd: 'same 3', n: 'wrong 4' }),
  ...rows('recreated', 2n, { d: 'same 3', de: 'same 4', n: 'wrong 4' }),
  ...rows('recreated', 4n, { n: 'new 5', de: 'new 6' }),
  ...rows('deleted twice', 'no_stream', { n: 'new 5', a: 'hidden 0' }),
  ...rows('deleted twice', 'any', { n: 'new 5', de: 'hidden 4' }),
  ...rows('truncated before 3', 'any', AFTER_HIDDEN),
  ...rows('truncated before 3', 'no_stream', { ab: 'hidden 1', n: 'wrong 4' }),
  ...rows('truncated before 3', 1n, { c: 'hidden 2', cd: 'same 3' }),
  ...rows('truncated beyond the end', 'any', hidden(RECENT)),
  ...rows('truncated beyond the end', 'no_stream', hidden(FROM_START)),
  ...rows('truncated beyond the end', 'stream_exists', { n: 'new 3', a: 'hidden 0' }),
  ...rows('only the last visible', 'any', { abc: 'same 2', ab: 'hidden 1', n: 'new 3' }),
  ...rows('only the last visible', 'no_stream', { abc: 'same 2', ab: 'hidden 1', n: 'wrong 2' }),
  ...rows('only the last visible', 1n, { c: 'same 2', n: 'wrong 2' }),
  ...rows('tombstoned', 'any', DELETED),
  ...rows('tombstoned', 'no_stream', DELETED),
  ...rows('tombstoned', 'stream_exists', DELETED),
  ...rows('tombstoned', 2n, DELETED),
  ...rows('tombstoned', 2n ** 63n - 1n, DELETED),
  ...rows('tombstoned, never written', 'no_stream', DELETED),
  ...rows('metadata only', 'any', { n: 'new 0', none: 'new -1' }),
  ...rows('metadata only', 'no_stream', { n: 'new 0', none: 'new -1' }),
  ...rows('metadata only', 'stream_exists', { n: 'new 0', none: 'new -1' }),
  ...rows('metadata only', 0n, { n: 'wrong -1' }),
  ...rows('metadata only, soft-deleted', 'any', { n: 'new 0' }),
  ...rows('metadata only, soft-deleted', 'no_stream', { nm: 'new 1' }),
  ...rows('metadata only, soft-deleted', 'stream_exists', DELETED),
  ...rows('metadata only, soft-deleted', 0n, { n: 'wrong -1' }),
];

export const titleOf = ({ state, expected, ids, outcome }: DecisionCase) =>
  `${state}, expected ${expected}, sent ${ids.join('') || 'nothing'}: ${outcome}`;

export interface DeletionCase {
  kind: 'delete' | 'tombstone';
  state: State;
  expected: Expected;
  outcome: 'ok' | `wrong ${number}` | 'deleted';
}

/** Expectations in this order, for deletes and tombstones alike: any, no stream, stream exists, 0, 2. */
const deletions = (
  state: State,
  outcomes: DeletionCase['outcome'][],
  kinds: DeletionCase['kind'][] = ['delete', 'tombstone'],
): DeletionCase[] => {
  const expectations: Expected[] = ['any', 'no_stream', 'stream_exists', 0n, 2n];
  return kinds.flatMap((kind) =>
    outcomes.map((outcome, i) => ({ kind, state, expected: expectations[i] ?? 'any', outcome })),
  );
};

const nowhere = 'wrong -1' as const;

export const DELETIONS: DeletionCase[] = [
  ...deletions('never written', [nowhere, nowhere, nowhere, nowhere], ['delete']),
  ...deletions('never written', ['ok', 'ok', nowhere, nowhere], ['tombstone']),
  ...deletions('three appends', ['ok', 'wrong 2', 'ok', 'wrong 2', 'ok']),
  ...deletions('soft-deleted', ['ok', 'ok', 'deleted', 'wrong 2', 'ok']),
  ...deletions('recreated', ['ok', 'wrong 4', 'ok', 'wrong 4', 'wrong 4']),
  ...deletions('truncated beyond the end', ['ok', 'wrong 2', 'ok', 'wrong 2', 'ok']),
  ...deletions('tombstoned', ['deleted', 'deleted', 'deleted', 'deleted', 'deleted']),
  ...deletions('metadata only', ['ok', 'ok', 'ok', nowhere]),
  ...deletions('metadata only, soft-deleted', ['ok', 'ok', 'deleted', nowhere]),
];
