// Exports of ledgers that no store ever had, for imports of any size and of any kind of damage.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineOf } from '../../src/cli/export/event-lines.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { encode } from '../../src/event-store/codec.js';
import { GENESIS_HASH } from '../../src/event-store/hash-chain.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';

const CAUSATION = {
  ...{ actor: 'test', requestId: 'r', correlationId: 'r', causationId: 'r' },
  clientAddress: null,
};

/** The events as lines, each with its right id and hash. */
export function linesOfEvents(ledger: string, events: readonly LedgerEvent[]): string[] {
  const stream = ledgerStream(ledger);
  let previousHash = GENESIS_HASH;
  return events.map((event, revision) => {
    const { hash, ...encoded } = encode(event, { stream, revision, previousHash }, CAUSATION);
    previousHash = hash;
    return lineOf({ ...encoded, stream, revision });
  });
}

/** A folder such as `daybook export --format jsonl` makes, with a manifest that says what an import asks. */
export function writeExport(
  folder: string,
  { ledger, lines, changes = {} }: { ledger: string; lines: readonly string[]; changes?: object },
): string {
  mkdirSync(folder);
  const text = lines.join('');
  writeFileSync(join(folder, 'events.jsonl'), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const file = { name: 'events.jsonl', rows: lines.length, bytes: Buffer.byteLength(text), sha256 };
  const manifest = { formatVersion: 1, format: 'jsonl', ledger, files: [file], ...changes };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
