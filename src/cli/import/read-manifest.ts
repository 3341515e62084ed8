// The manifest of an export that is to be imported: whether it is one, and of which file it speaks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_ID_PATTERN } from '../../domain/ledger/open-ledger.js';
import { Failure } from '../../platform/failure.js';
import { EVENTS_NAME } from '../export/event-lines.js';
import { type FileRecord } from '../export/export-file.js';
import { FORMAT_VERSION, MANIFEST_NAME, type Manifest } from '../export/manifest.js';

/** What an import needs to know of an export. */
export interface ImportableExport {
  readonly ledger: string;
  readonly file: FileRecord;
}

/** Throws a Failure when there is no manifest, or not one of events that this version can read. */
export function readManifest(folder: string): ImportableExport {
  const path = join(folder, MANIFEST_NAME);
  const manifest = parsed(path);
  const wrong = (problem: string) => new Failure('usage', `${path} ${problem}.`);
  if (manifest.format !== 'jsonl') {
    throw wrong(`is of an export as ${manifest.format}: only jsonl can be imported`);
  }
  if (manifest.formatVersion !== FORMAT_VERSION) {
    const version = String(manifest.formatVersion);
    throw wrong(`has format version ${version}, and this Daybook reads ${FORMAT_VERSION}`);
  }
  const file = manifest.files?.find(({ name }) => name === EVENTS_NAME);
  if (!file) throw wrong(`lists no file ${EVENTS_NAME}`);
  const { ledger = '' } = manifest;
  if (!LEDGER_ID_PATTERN.test(ledger)) throw wrong('names no ledger');
  return { ledger, file };
}

function parsed(path: string): Partial<Manifest> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'it is not JSON';
    const message = `${path} cannot be read (${reason}): use a folder made by daybook export.`;
    throw new Failure('usage', message, { cause: error });
  }
}
