// The stream of a ledger by itself, whatever its events mean: numbered without a gap, each event chained
// to the one before and with the id that follows from its content, readable, and no time goes back.
import { decode } from '../../../src/event-store/codec.js';
import { type StoredEvent } from '../../../src/event-store/event-store.js';
import { GENESIS_HASH, eventIdOf, hashOf } from '../../../src/event-store/hash-chain.js';
import { type Discrepancy } from '../finding.js';

/** Where the next event has to fit on. */
export interface ChainEnd {
  readonly revision: number;
  readonly hash: string;
  readonly recordedAt: string;
}

export const CHAIN_START: ChainEnd = { revision: -1, hash: GENESIS_HASH, recordedAt: '' };

/**
 * What is wrong with an event that follows `end`, and where the one after it has to fit on: there the
 * event counts as it is, so that one fault is found once.
 */
export function checkLink(
  end: ChainEnd,
  stored: StoredEvent,
): { readonly next: ChainEnd; readonly discrepancies: readonly Discrepancy[] } {
  const { previousHash, hash, ...metadata } = stored.metadata;
  const { stream, revision, type, data, id } = stored;
  const due = hashOf({
    previousHash: String(previousHash),
    stream,
    revision,
    type,
    data,
    metadata,
  });
  const recordedAt = String(data['recordedAt']);
  const discrepancies = [
    ...unless(revision === end.revision + 1, 'revision', end.revision + 1, revision),
    ...unless(previousHash === end.hash, 'hash of the event before', end.hash, previousHash),
    ...unless(hash === due, 'hash of the content', hash, due),
    ...unless(id === eventIdOf(String(hash)), 'event id', eventIdOf(String(hash)), id),
    ...unless(
      recordedAt >= end.recordedAt,
      'time of recording',
      `from ${end.recordedAt} on`,
      recordedAt,
    ),
    ...unreadable(stored),
  ];
  return { next: { revision, hash: String(hash), recordedAt }, discrepancies };
}

function unless(holds: boolean, what: string, expected: unknown, found: unknown): Discrepancy[] {
  return holds ? [] : [{ what, expected: String(expected), found: String(found) }];
}

function unreadable(stored: StoredEvent): Discrepancy[] {
  try {
    decode(stored);
    return [];
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return [{ what: 'schema', expected: 'an event that this version reads', found }];
  }
}
