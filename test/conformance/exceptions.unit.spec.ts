// The list of exceptions says what golden/node.jsonl holds, and docs/event-node.md what the list says.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './comparison.js';
import { EXCEPTIONS, withExceptions } from './exceptions.js';
import { withExceptionTables } from './exceptions-table.js';
import { readRecord } from './record.js';

const OTHERS_MAX = 5;

const PAGE = join('docs', 'event-node.md');
if (process.env['DAYBOOK_WRITE_DOCS'] !== undefined) {
  writeFileSync(PAGE, withExceptionTables(readFileSync(PAGE, 'utf8')));
}

const nameOf = (scenario: string, step: string) => `${scenario} / ${step}`;

describe('the exceptions', () => {
  it('are the steps for which the node has an answer of its own, each listed once', () => {
    const differing = (['24.6', '24.6-secure'] as const).flatMap((name) => {
      const expected = withExceptions(readRecord(name));
      return [...readRecord(name)].flatMap(([scenario, lines]) =>
        compare(lines, expected.get(scenario) ?? []),
      );
    });
    const listed = Object.values(EXCEPTIONS)
      .flat()
      .flatMap(({ steps }) => Object.entries(steps))
      .flatMap(([scenario, names]) => names.map((step) => nameOf(scenario, step)));
    const names = differing.map(({ scenario, step }) => nameOf(scenario, step));
    expect(names.sort()).toEqual(listed.sort());
  });

  it('has answers of the node for steps of the record alone', () => {
    const recorded = [...readRecord('24.6').values(), ...readRecord('24.6-secure').values()];
    const steps = new Set(recorded.flat().map(({ scenario, step }) => nameOf(scenario, step)));
    const answers = [...readRecord('node').values()].flat();
    const unknown = answers.filter(({ scenario, step }) => !steps.has(nameOf(scenario, step)));
    expect(unknown).toEqual([]);
  });

  it('are few where EventStoreDB neither hangs, fails nor loses events', () => {
    expect(EXCEPTIONS.other.length).toBeLessThanOrEqual(OTHERS_MAX);
  });

  it('are what docs/event-node.md says; npm run docs:event-node writes it anew', () => {
    const page = readFileSync(PAGE, 'utf8');
    expect(page).toBe(withExceptionTables(page));
  });
});
