// The places that a checkpoint and parked lanes name besides the last event applied, against the log. One
// that was moved leads a projector to skip events without a word.
import {
  type EventAt,
  type EventStore,
  type StoredEvent,
} from '../../src/event-store/event-store.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { type Checkpoint } from '../engine/checkpoint.js';
import { laneOf } from '../engine/lanes.js';
import { eventsAfter } from './applied-events.js';
import { type Finding } from './finding.js';
import { type ParkedLane, type Snapshot } from './snapshot.js';

interface PlacesOptions {
  readonly store: EventStore;
  /** All of them when undefined. */
  readonly ledger: string | undefined;
  readonly signal: AbortSignal;
}

type Places = Pick<Snapshot, 'checkpoint' | 'parked'>;

/** Throws EventStoreUnavailable, or the reason of the signal. */
export async function* placeFindings(
  { checkpoint, parked }: Places,
  options: PlacesOptions,
): AsyncGenerator<Finding> {
  const { store, ledger, signal } = options;
  for (const lane of parked) {
    signal.throwIfAborted();
    if (ledger === undefined || ledger === lane.ledger) yield* laneFindings(store, lane);
  }
  if (ledger !== undefined) return;
  yield* beginningFindings(checkpoint, options);
  yield* scannedFindings({ checkpoint, parked }, options);
}

/** What stands in a ledger's name for what Postgres cannot hold: its stream has another one. */
const REPLACED = '\uFFFD';

async function* laneFindings(store: EventStore, lane: ParkedLane): AsyncGenerator<Finding> {
  const { ledger, revision } = lane;
  if (ledger.includes(REPLACED)) return;
  const event = revision < 0 ? undefined : await eventAt(store, ledger, revision);
  const expected = event ? laneText({ ...event, staleSince: event.created.toISOString() }) : 'none';
  const found = laneText(lane);
  if (expected === found) return;
  const [table, what] = ['parked_lane', event ? 'event' : 'row'];
  const place = { revision, eventId: lane.id, account: null, table, key: ledger };
  yield { check: 'rows', ledger, ...place, what, expected, found };
}

function laneText({ id, position, type, staleSince }: Omit<ParkedLane, 'ledger' | 'revision'>) {
  return `event ${id} of type ${type} at position ${position}, recorded at ${staleSince}`;
}

async function eventAt(store: EventStore, ledger: string, revision: number) {
  const place = { from: revision, limit: 1 };
  for await (const event of store.readStream(ledgerStream(ledger), place)) return event;
  return undefined;
}

async function* beginningFindings(
  checkpoint: Checkpoint,
  { store, signal }: PlacesOptions,
): AsyncGenerator<Finding> {
  const { last, log } = checkpoint;
  if (!last && !log) return;
  for await (const first of eventsAfter({ store, after: undefined, signal })) {
    if (isSame(log, first)) return;
    const places = { expected: placeText(first), found: placeText(log) };
    yield checkpointFinding(checkpoint, { what: 'beginning of the log', ...places });
    return;
  }
}

async function* scannedFindings(
  { checkpoint, parked }: Places,
  { store, signal }: PlacesOptions,
): AsyncGenerator<Finding> {
  const { last, scanned } = checkpoint;
  const tell = (expected: string) =>
    checkpointFinding(checkpoint, { what: 'scanned up to', expected, found: placeText(scanned) });
  if (!scanned || (last && scanned.position <= last.position)) {
    if (last && !isSame(scanned, last)) yield tell(`${placeText(last)}, or what comes after it`);
    return;
  }
  const there = await store.idAt(scanned.position);
  const end = there === undefined ? await store.lastEvent() : undefined;
  // Events of other streams may be cleared away: nobody goes on from a place where there is none.
  const isBeyond = there === undefined && scanned.position > (end?.position ?? -1n);
  if (isBeyond) yield tell(end ? `at most ${placeText(end)}` : 'nothing, as the log');
  else if (there !== undefined && there !== scanned.id)
    yield tell(`event ${there} at that position`);
  // Without it, the log is another one, which is told of elsewhere.
  if (last && (await store.idAt(last.position)) !== last.id) return;
  const skipped = await firstSkipped({ checkpoint, parked }, { store, signal });
  if (skipped) yield tell(`at most what comes before ${placeText(skipped)}, which is not applied`);
}

/** The first event before the place scanned, of a ledger that is not parked, that was not applied. */
async function firstSkipped(
  { checkpoint: { last, scanned }, parked }: Places,
  from: Pick<PlacesOptions, 'store' | 'signal'>,
): Promise<StoredEvent | undefined> {
  const parkedFrom = new Map(parked.map(({ ledger, revision }) => [ledger, revision]));
  for await (const event of eventsAfter({ ...from, after: last })) {
    if (event.position > (scanned?.position ?? -1n)) return undefined;
    if (event.revision < (parkedFrom.get(laneOf(event)) ?? Infinity)) return event;
  }
  return undefined;
}

function isSame(one: EventAt | undefined, other: EventAt): boolean {
  return one?.position === other.position && one.id === other.id;
}

function placeText(place: EventAt | undefined): string {
  return place ? `event ${place.id} at position ${place.position}` : 'nothing';
}

function checkpointFinding(
  { generation, last }: Checkpoint,
  texts: Pick<Finding, 'what' | 'expected' | 'found'>,
): Finding {
  const place = { revision: null, eventId: last?.id ?? null, account: null };
  const row = { table: 'checkpoint', key: String(generation) };
  return { check: 'rows', ledger: null, ...place, ...row, ...texts };
}
