// The checkpoint against the log: it names the event that was applied last, and counts all of them. What is
// wrong with it leads a projector to skip events, to apply them again, or to stop.
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { ledgerOfStream } from '../../src/event-store/stream-names.js';
import { type AppliedEvent, type Checkpoint } from '../engine/checkpoint.js';
import { type Finding } from './finding.js';

export interface Folded {
  /** The last event of the log up to the checkpoint, or beyond it. */
  readonly last: StoredEvent | undefined;
  /** Events that have led to rows; undefined when not all of them were counted. */
  readonly applied: number | undefined;
}

/** What is wrong with a checkpoint, as far as the events of `ledger` tell, or of all when undefined. */
export function checkpointFindings(
  { generation, last, events }: Checkpoint,
  ledger: string | undefined,
  { last: read, applied = events }: Folded,
): Finding[] {
  if (!last || (ledger !== undefined && ledger !== last.ledger)) return [];
  if (read && read.position > last.position) return [];
  if (read?.id !== last.id) return [lostEnd(last, read)];
  const differing = differences(
    { ...fieldsOf(last), events },
    { ...placeOf(read), events: applied },
  );
  if (differing.length === 0) return [];
  const shown = (value: (one: Difference) => unknown) =>
    differing.map((one) => `${one.what} ${String(value(one))}`).join(', ');
  return [
    {
      ...{ check: 'rows', ledger: last.ledger, revision: read.revision, eventId: read.id },
      ...{ account: null, table: 'checkpoint', key: String(generation) },
      what: differing.map(({ what }) => what).join(', '),
      expected: shown(({ expected }) => expected),
      found: shown(({ found }) => found),
    },
  ];
}

/** The log holds what was applied last, unless it is an older copy, or another one. */
function lostEnd(last: AppliedEvent, read: StoredEvent | undefined): Finding {
  const end = read ? `it ends with ${read.id} at position ${read.position}` : 'it holds nothing';
  return {
    ...{ check: 'log', ledger: last.ledger, revision: last.revision, eventId: last.id },
    ...{ account: null, table: null, key: null, what: 'end of the log' },
    expected: `event ${last.id} at position ${last.position}, the last one applied`,
    found: `${end}: an older copy, or another log`,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf({ position, ledger, revision, hash, recordedAt }: AppliedEvent): Fields {
  return { position, ledger, revision, hash, recordedAt };
}

function placeOf({ position, stream, revision, metadata, data }: StoredEvent): Fields {
  const [ledger, hash, recordedAt] = [ledgerOfStream(stream), metadata['hash'], data['recordedAt']];
  return { position, ledger, revision, hash, recordedAt };
}

interface Difference {
  readonly what: string;
  readonly expected: unknown;
  readonly found: unknown;
}

function differences(found: Fields, expected: Fields): Difference[] {
  return Object.keys(found)
    .filter((what) => found[what] !== expected[what])
    .map((what) => ({ what, expected: expected[what], found: found[what] }));
}
