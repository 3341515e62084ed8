// The embedded node plays every scenario of the record of EventStoreDB 24.6.0 and answers the same,
// save what exceptions.ts lists. Played on several nodes at once, as most of it is waiting.
import { compare, sideBySide } from './comparison.js';
import { withExceptions } from './exceptions.js';
import { startNode } from './nodes.js';
import { replay } from './play.js';
import { readRecord } from './record.js';
import { type Line } from './transcript.js';

const NODES = 12;
const PATIENCE_MS = 600_000;

const record = withExceptions(readRecord('24.6'));
let played = new Map<string, Line[]>();

beforeAll(async () => {
  played = await replay(record, NODES, startNode);
}, PATIENCE_MS);

describe('the embedded node and EventStoreDB 24.6.0', () => {
  it.each([...record])('%s', (name, lines) => {
    const differences = compare(lines, played.get(name) ?? []);
    expect(differences.map(sideBySide).join('\n\n')).toBe('');
  });
});
