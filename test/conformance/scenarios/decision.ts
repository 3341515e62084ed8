// The commit decision: what an append, a delete and a tombstone answer, for every state of the stream
// and every expected revision. `ok <revision> <where>`: `new` (written now), `@x` (the position of the
// earlier event x) or `no_position`.
import { briefAppend, event, expected, expectedAt, type AppendReply } from '../wire/append.js';
import { expectedInBatch, expectedInBatchAt, type Batch } from '../wire/batch-append.js';
import { type Deletion } from '../wire/deletion.js';
import { type Server } from '../wire/server.js';
import { eachOf } from '../wire/waiting.js';
import { type Play, type Scenarios, type Subject } from '../scenario.js';
import { STATES } from './decision-states.js';

/** Labels of the events that are appended. */
const EVENT_SETS: Record<string, string> = {
  new: 'n',
  'two new': 'nm',
  none: '',
  'all again': 'abc',
  first: 'a',
  'first two': 'ab',
  second: 'b',
  'last two of three': 'bc',
  third: 'c',
  'third and new': 'cn',
  'all and new': 'abcn',
  swapped: 'ba',
  'new and first': 'na',
  'first twice': 'aa',
  'after the delete': 'd',
  'after the delete, both': 'de',
  'across the delete': 'cd',
};

type Expected = 'any' | 'noStream' | 'exists' | number;

const AT_A_TIME = 6;

const hasFiveEvents = (state: string) => /recreated|before 3/.test(state);

function lastRevisionOf(state: string): number {
  if (hasFiveEvents(state)) return 4;
  if (/never|metadata|another stream$/.test(state)) return -1;
  return state.includes('twice') ? 1 : 2;
}

function expectationsIn(state: string): Expected[] {
  const last = lastRevisionOf(state);
  const revisions = [0, 1, 2, last, last + 1].filter((revision) => revision >= 0);
  return ['any', 'noStream', 'exists', ...new Set(revisions)];
}

const setsFor = (state: string) =>
  Object.entries(EVENT_SETS).filter(([name]) => !name.includes('delete') || hasFiveEvents(state));

const shortName = (name: string) => name.replace(/[^a-z0-9]+/gi, '-');

export const decision: Subject = (server) => {
  const scenarios: Scenarios = {};
  for (const state of Object.keys(STATES)) {
    const name = `decision: append, ${state}`;
    scenarios[`${name} (unary)`] = appends(server, state, 'unary', (stream, expectation, labels) =>
      server.rawAppend(stream, unaryExpectation(expectation), eventsOf(stream, labels)),
    );
    scenarios[`${name} (batch)`] = async (say) => {
      const batch = server.openBatch();
      await appends(server, state, 'batch', (...append) => appendIn(batch, ...append))(say);
      batch.cancel();
    };
    scenarios[`decision: delete and tombstone, ${state}`] = deletions(server, state);
  }
  return scenarios;
};

const unaryExpectation = (expectation: Expected) =>
  typeof expectation === 'number' ? expectedAt(expectation) : expected[expectation];

const eventsOf = (stream: string, labels: string) =>
  [...labels].map((label) => event(`${stream}/${label}`));

async function appendIn(
  batch: Batch,
  stream: string,
  expectation: Expected,
  labels: string,
): Promise<AppendReply> {
  const cid = `${stream}/cid`;
  const expect =
    typeof expectation === 'number' ? expectedInBatchAt(expectation) : expectedInBatch[expectation];
  batch.send({ cid, stream, expect, events: eventsOf(stream, labels), final: true });
  const reply = () =>
    batch.messages
      .filter((message) => typeof message === 'object')
      .find((message) => 'id' in message && message.id === cid);
  await batch.until(reply);
  return reply() ?? {};
}

type Append = (stream: string, expectation: Expected, labels: string) => Promise<AppendReply>;

/** Appends every set of events at every expected revision, each to a stream of its own. */
const appends =
  (server: Server, state: string, kind: string, append: Append): Play =>
  async (say) => {
    for (const expectation of expectationsIn(state)) {
      const outcomes = await eachOf(setsFor(state), AT_A_TIME, async ([name, labels]) => {
        const stream = `dec-${kind}-${shortName(state)}-${expectation}-${shortName(name)}`;
        const known = await STATES[state]?.(server, stream);
        return [name, briefAppend(await append(stream, expectation, labels), known)] as const;
      });
      say(`expected ${expectation}`, Object.fromEntries(outcomes));
    }
  };

const deletions =
  (server: Server, state: string): Play =>
  async (say) => {
    const kinds: [string, Deletion][] = [
      ['delete', server.rawDelete],
      ['tombstone', server.rawTombstone],
    ];
    for (const [kind, deletion] of kinds) {
      const outcomes = await eachOf(expectationsIn(state), AT_A_TIME, async (expectation) => {
        const stream = `dec-${kind}-${shortName(state)}-${expectation}`;
        await STATES[state]?.(server, stream);
        const outcome = await outcomeOf(deletion, stream, expectation);
        return [`expected ${expectation}`, outcome] as const;
      });
      say(kind, Object.fromEntries(outcomes));
    }
  };

async function outcomeOf(
  deletion: Deletion,
  stream: string,
  expectation: Expected,
): Promise<string> {
  const { position, status } = await deletion(stream, unaryExpectation(expectation));
  if (!status) return Array.isArray(position) ? 'ok, position' : `ok, ${position}`;
  const { exception, 'actual-version': actual } = status.trailers;
  return `${exception}${actual === undefined ? '' : `, actual ${actual}`}`;
}
