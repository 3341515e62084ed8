// The record of a running EventStoreDB 24.6.0 (one node, in memory, default settings): what every
// scenario came to there. The scenarios of users and TLS have a record of their own; `node` holds
// what the embedded node answers where it differs on purpose.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Line } from './transcript.js';

/** The lines of each scenario, in the order in which they were played. */
export type Record = ReadonlyMap<string, readonly Line[]>;

const FOLDER = join(process.cwd(), 'test', 'conformance', 'golden');

export function readRecord(name: '24.6' | '24.6-secure' | 'node'): Record {
  const text = readFileSync(join(FOLDER, `${name}.jsonl`), 'utf8').trimEnd();
  const record = new Map<string, Line[]>();
  for (const json of text === '' ? [] : text.split('\n')) {
    const line = JSON.parse(json) as Line;
    record.set(line.scenario, [...(record.get(line.scenario) ?? []), line]);
  }
  return record;
}
