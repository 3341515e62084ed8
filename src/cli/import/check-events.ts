// Goes through an exported file before anything of it is imported: its bytes against the manifest, its
// chain of hashes, and its books, which are added up as the write side does it. Whoever can write a file
// can give it right hashes; what contradicts itself must not become a ledger all the same.
import { createHash } from 'node:crypto';
import { InvariantViolation } from '../../domain/errors.js';
import { evolve } from '../../domain/ledger/evolve.js';
import { type LedgerState, emptyLedger } from '../../domain/ledger/state.js';
import { UnreadableEvent, decode } from '../../event-store/codec.js';
import { type EventStore } from '../../event-store/event-store.js';
import { type ChainedEvent } from '../../event-store/hash-chain.js';
import { Failure } from '../../platform/failure.js';
import { type FileRecord } from '../export/export-file.js';
import { chainedEvents, newestEvent } from '../export/ledger-log.js';
import {
  type ExportedFile,
  exportedEvents,
  hashOfEvent,
  previousHashOf,
} from './exported-events.js';
import { anotherLedger, eventsMissing } from './unfit-ledger.js';

export interface CheckJob extends ExportedFile {
  readonly store: EventStore;
  readonly ledger: string;
  /** What the manifest says of the file; undefined when there is none. */
  readonly record: FileRecord | undefined;
  /** @param bytes read so far. */
  readonly onBytes: (bytes: number) => void;
}

/** The first and the last event of a file; undefined when it has none. Throws a Failure. */
export type Checked = { readonly first: ChainedEvent; readonly last: ChainedEvent } | undefined;

export async function checkEvents(job: CheckJob): Promise<Checked> {
  const { path, record, onBytes } = job;
  const hash = createHash('sha256');
  let state: LedgerState | undefined;
  let checked: Checked;
  for await (const event of exportedEvents(job, { hash, onBytes })) {
    state ??= await booksBefore(job, event);
    addUp(path, state, event);
    checked = { first: checked?.first ?? event, last: event };
  }
  if (record && record.sha256 !== hash.digest('hex')) {
    const message = `${path} is not the file of its manifest: its SHA-256 is another one.`;
    throw new Failure('findings', message);
  }
  return checked;
}

/** What the events before come to, where the file is of a later part of a ledger. */
async function booksBefore({ store, ledger }: CheckJob, first: ChainedEvent): Promise<LedgerState> {
  const state = emptyLedger();
  if (first.revision === 0) return state;
  const through = first.revision - 1;
  const there = await newestEvent(store, ledger);
  if (!there || there.revision < through) {
    throw eventsMissing(ledger, first.revision, there ? there.revision + 1 : 0);
  }
  for await (const stored of chainedEvents(store, ledger, through)) {
    const isBefore = stored.revision === through;
    if (isBefore && hashOfEvent(stored) !== previousHashOf(first)) {
      throw anotherLedger(ledger, through);
    }
    evolve(state, decode(stored).event);
  }
  return state;
}

function addUp(path: string, state: LedgerState, event: ChainedEvent): void {
  try {
    // Its position and time are for the store to give, and nothing that the books depend on.
    evolve(state, decode({ ...event, position: 0n, created: new Date(0) }).event);
  } catch (error) {
    if (!(error instanceof InvariantViolation || error instanceof UnreadableEvent)) throw error;
    const message = `${path} cannot be imported: at revision ${event.revision}, ${error.message}.`;
    throw new Failure('findings', message, { cause: error });
  }
}
