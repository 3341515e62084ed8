// Where the embedded node differs from EventStoreDB 24.6.0 on purpose, and why. docs/event-node.md
// shows this list; what the node answers instead, exactly, is golden/node.jsonl.
import { GROUP_EXCEPTIONS } from './exceptions-groups.js';
import { OTHER_EXCEPTIONS } from './exceptions-other.js';
import { STREAM_EXCEPTIONS } from './exceptions-streams.js';
import { readRecord, type Record } from './record.js';
import { type Line } from './transcript.js';

export interface Exception {
  where: string;
  /** What a running EventStoreDB 24.6.0 does. */
  recorded: string;
  /** What the node does. */
  ours: string;
  reason: string;
  /** The steps of the record in which it shows, by scenario; none where EventStoreDB itself varies. */
  steps: Readonly<{ [scenario: string]: readonly string[] }>;
}

/** Two kinds where EventStoreDB hangs, fails or loses events; then all other differences. */
export const EXCEPTIONS = {
  streams: STREAM_EXCEPTIONS,
  groups: GROUP_EXCEPTIONS,
  other: OTHER_EXCEPTIONS,
} as const satisfies { [kind: string]: readonly Exception[] };

/** The record with the answers of the node where it is to differ, step by step. */
export function withExceptions(record: Record): Record {
  const answers = readRecord('node');
  const replaced = (lines: readonly Line[], scenario: string): readonly Line[] => {
    const own = [...(answers.get(scenario) ?? [])];
    return lines.map((line) => {
      const place = own.findIndex(({ step }) => step === line.step);
      const [answer = line] = place === -1 ? [] : own.splice(place, 1);
      return answer;
    });
  };
  return new Map([...record].map(([name, lines]) => [name, replaced(lines, name)]));
}
