// The embedded node with TLS and users plays the scenarios of the record that are about them, one
// after the other: some go on where others ended.
import { compare, sideBySide } from './comparison.js';
import { withExceptions } from './exceptions.js';
import { startSecureNode } from './nodes.js';
import { replay } from './play.js';
import { readRecord } from './record.js';
import { type Line } from './transcript.js';

const PATIENCE_MS = 600_000;

const record = withExceptions(readRecord('24.6-secure'));
let played = new Map<string, Line[]>();

beforeAll(async () => {
  played = await replay(record, 1, startSecureNode);
}, PATIENCE_MS);

describe('the embedded node and EventStoreDB 24.6.0, with TLS and users', () => {
  it.each([...record])('%s', (name, lines) => {
    const differences = compare(lines, played.get(name) ?? []);
    expect(differences.map(sideBySide).join('\n\n')).toBe('');
  });
});
