// Imports an export of format `jsonl`: the same events, with the same ids and hashes, into a ledger that
// does not exist yet or has a part of them.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type EventStore } from '../../event-store/event-store.js';
import { ledgerStream } from '../../event-store/stream-names.js';
import { Failure } from '../../platform/failure.js';
import { EVENTS_NAME } from '../export/event-lines.js';
import { checkLedgerId } from '../ledger-id.js';
import { type FileRecord } from '../export/export-file.js';
import { type Terminal } from '../terminal.js';
import { appendEvents } from './append-events.js';
import { checkEvents } from './check-events.js';
import { hashOfEvent } from './exported-events.js';
import { sizeOf } from './import-file.js';
import { readManifest } from './read-manifest.js';

export interface EventsImport {
  readonly file: string;
  readonly ledger: string;
  /** Events of the file. */
  readonly total: number;
  readonly added: number;
  readonly alreadyThere: number;
  /** The last event of the file; null when it has none. */
  readonly last: { readonly revision: number; readonly hash: string } | null;
}

/**
 * `path` is the folder of an export; or a file of events alone, without a manifest to check it by, and
 * then `ledger` has to be named. Throws a Failure.
 */
export async function importEvents(
  { path, ledger }: { readonly path: string; readonly ledger: string | undefined },
  store: EventStore,
  terminal: Terminal,
): Promise<EventsImport> {
  const source = sourceOf(path, ledger);
  const stream = ledgerStream(source.ledger);
  const file = { path: source.path, stream };
  const checking = terminal.progress('check', sizeOf(source.path));
  const onBytes = (bytes: number) => checking.update(bytes);
  const checked = await checkEvents({ ...source, ...file, store, onBytes }).finally(() =>
    checking.stop(),
  );
  const nothing = { total: 0, added: 0, alreadyThere: 0, last: null };
  if (!checked) return { file: source.path, ledger: source.ledger, ...nothing };
  const [first, last] = [checked.first.revision, checked.last.revision];
  const total = last - first + 1;
  const importing = terminal.progress('import', total);
  const alreadyThere = await appendEvents({
    ...{ ...file, store, ledger: source.ledger, first, last },
    onProgress: (revision) => importing.update(revision - first + 1),
    onTrouble: (error) => terminal.say(`${error.message}; trying again`),
  }).finally(() => importing.stop());
  return {
    ...{ file: source.path, ledger: source.ledger, total, added: total - alreadyThere },
    ...{ alreadyThere, last: { revision: last, hash: hashOfEvent(checked.last) } },
  };
}

interface Source {
  readonly path: string;
  readonly ledger: string;
  readonly record: FileRecord | undefined;
}

function sourceOf(path: string, asked: string | undefined): Source {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    const { ledger, file } = readManifest(path);
    if (asked === undefined || asked === ledger) {
      return { path: join(path, EVENTS_NAME), ledger, record: file };
    }
    throw new Failure(
      'usage',
      `${path} is of ledger "${ledger}": its id is in every hash, so it cannot become "${asked}".`,
    );
  }
  if (asked === undefined) {
    throw new Failure('usage', `Say with --ledger which ledger the events of ${path} are of.`);
  }
  checkLedgerId(asked);
  return { path, ledger: asked, record: undefined };
}

export function eventsImportText({ file, ledger, total, added, alreadyThere, last }: EventsImport) {
  const end = last ? ` It is now at revision ${last.revision} or later, hash ${last.hash}.` : '';
  const counts = `${added} imported, ${alreadyThere} already there`;
  return `${file} into ledger "${ledger}": ${total} events, of them ${counts}.${end}`;
}
