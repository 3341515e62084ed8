// Every row of the decision tables, without a server. The same rows run over the wire in
// test/contract/event-node-append.spec.ts and event-node-delete.spec.ts.
import {
  DECISIONS,
  DELETIONS,
  STATES,
  titleOf,
  type Step,
} from '../../../../test/contract/append-decisions.js';
import { decideAppend, decideDeletion, type StreamState } from './append-decision.js';

/** The state that steps leave, as far as the decision asks. */
function streamAfter(steps: Step[]): StreamState {
  const stored: string[] = [];
  const known = new Set<string>();
  const done = { isTombstoned: false, isSoftDeleted: false, hasMetastream: false };
  for (const step of steps) {
    if (step === 'tombstone') done.isTombstoned = true;
    else if (step === 'delete') Object.assign(done, { isSoftDeleted: true, hasMetastream: true });
    else if ('metadata' in step) done.hasMetastream = true;
    else if ('elsewhere' in step) for (const id of step.elsewhere) known.add(id);
    else {
      stored.push(...step.write);
      done.isSoftDeleted = false;
    }
  }
  return {
    ...done,
    lastRevision: stored.length - 1,
    idAt: (revision) => stored[revision],
    recentRevisionOf: (id) => {
      const revision = stored.indexOf(id);
      return revision === -1 || known.has(id) ? undefined : revision;
    },
  };
}

describe('the decision on an append', () => {
  it.each(DECISIONS.map((row) => ({ ...row, title: titleOf(row) })))('$title', (row) => {
    const stream = streamAfter(STATES[row.state]);
    const decision = decideAppend(row.expected, row.ids, stream);
    const outcome = {
      write: () => `new ${stream.lastRevision + row.ids.length}`,
      already_written: (revision: number) => `same ${revision}`,
      wrong_expected_version: (revision: number) => `wrong ${revision}`,
      stream_deleted: () => 'deleted',
    }[decision.kind];
    const known = row.outcome.replace('hidden', 'same');
    expect(outcome('lastRevision' in decision ? decision.lastRevision : 0)).toBe(known);
  });
});

describe('the decision on a delete or a tombstone', () => {
  it.each(DELETIONS)('$kind, $state, expected $expected: $outcome', (row) => {
    const decision = decideDeletion(row.kind, row.expected, streamAfter(STATES[row.state]));
    const outcome = {
      write: () => 'ok',
      wrong_expected_version: (revision: number) => `wrong ${revision}`,
      stream_deleted: () => 'deleted',
    }[decision.kind];
    expect(outcome('lastRevision' in decision ? decision.lastRevision : 0)).toBe(row.outcome);
  });
});
