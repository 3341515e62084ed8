// Every row of the decision table, without a server. The same rows run over the wire in
// test/contract/event-node-append.spec.ts.
import { DECISIONS, STATES, titleOf } from '../../../../test/contract/append-decisions.js';
import { decideAppend, type StreamState } from './append-decision.js';

function streamIn(state: keyof typeof STATES): StreamState {
  const { elsewhere, appends } = STATES[state];
  const stored: string[] = appends.flat();
  const known: string[] = elsewhere;
  return {
    lastRevision: stored.length - 1,
    idAt: (revision) => stored[revision],
    recentRevisionOf: (id) => {
      const revision = stored.indexOf(id);
      return revision === -1 || known.includes(id) ? undefined : revision;
    },
  };
}

describe('the decision on an append', () => {
  it.each(DECISIONS.map((row) => ({ ...row, title: titleOf(row) })))('$title', (row) => {
    const stream = streamIn(row.state);
    const decision = decideAppend(row.expected, row.ids, stream);
    const outcome = {
      write: () => `new ${stream.lastRevision + row.ids.length}`,
      already_written: (revision: number) => `same ${revision}`,
      wrong_expected_version: (revision: number) => `wrong ${revision}`,
    }[decision.kind];
    expect(outcome('lastRevision' in decision ? decision.lastRevision : 0)).toBe(row.outcome);
  });
});
