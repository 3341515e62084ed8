// The events in an exported file, one by one and each checked against the one before it, so that whoever
// reads them never sees one that was changed, dropped, added or moved.
import { type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import {
  type ChainedEvent,
  GENESIS_HASH,
  brokenLink,
  eventIdOf,
} from '../../event-store/hash-chain.js';
import { Failure } from '../../platform/failure.js';
import { eventOfLine } from '../export/event-lines.js';
import { linesOf } from './lines.js';

/** A store takes events of 1 MiB; escapes can make a line some times as long. */
const LINE_LENGTH_MAX = 8 * 1024 * 1024;

export interface ExportedFile {
  readonly path: string;
  /** Of the ledger. */
  readonly stream: string;
}

/** What may be watched while a file is read. */
export interface Watch {
  /** Takes every byte. */
  readonly hash?: Hash;
  /** @param bytes read so far. */
  readonly onBytes?: (bytes: number) => void;
}

/** Throws a Failure at the first line that is not the event due there. */
export async function* exportedEvents(
  { path, stream }: ExportedFile,
  watch: Watch = {},
): AsyncGenerator<ChainedEvent> {
  let previous: ChainedEvent | undefined;
  for await (const { number, text } of linesOf(piecesOf(path, watch), LINE_LENGTH_MAX)) {
    const event = eventOfLine(text, stream);
    const problem = event ? problemOf(event, previous) : 'it is not an exported event';
    if (!event || problem !== undefined) {
      throw new Failure('findings', `${path} is damaged at line ${number}: ${problem}.`);
    }
    yield event;
    previous = event;
  }
}

/** The hash that an event is chained to. */
export function previousHashOf(event: ChainedEvent): string {
  return String(event.metadata['previousHash']);
}

export function hashOfEvent(event: ChainedEvent): string {
  return String(event.metadata['hash']);
}

function problemOf(event: ChainedEvent, previous: ChainedEvent | undefined): string | undefined {
  const due = previous ? previous.revision + 1 : event.revision;
  if (event.revision !== due || !Number.isSafeInteger(due) || due < 0) {
    return `revision ${event.revision} comes where ${due} was due`;
  }
  // The first of a later part of a ledger is checked against the ledger that it is to continue.
  const later = due > 0 ? previousHashOf(event) : GENESIS_HASH;
  const broken = brokenLink(previous ? hashOfEvent(previous) : later, event);
  if (broken !== undefined) return broken;
  return event.id === eventIdOf(hashOfEvent(event)) ? undefined : 'its id does not match its hash';
}

async function* piecesOf(path: string, { hash, onBytes }: Watch): AsyncGenerator<string> {
  const file = createReadStream(path);
  const decoder = new StringDecoder('utf8');
  for await (const piece of file as AsyncIterable<Buffer>) {
    hash?.update(piece);
    onBytes?.(file.bytesRead);
    yield decoder.write(piece);
  }
  yield decoder.end();
}
