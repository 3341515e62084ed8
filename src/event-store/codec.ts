// Between the domain's events and what is stored. Stored names are written down by hand: renaming a
// TypeScript symbol never changes, or loses, what is in the log.
import { type LedgerEvent, type LedgerEventType } from '../domain/ledger/events.js';
import { type JsonObject, type NewEvent, type StoredEvent } from './event-store.js';
import { eventIdOf, hashOfJson } from './hash-chain.js';
import { ledgerOfStream } from './stream-names.js';
import { currentVersion, upcast } from './upcasters/index.js';

/** What each type of event is called in the log. */
export const STORED_NAMES: Record<LedgerEventType, string> = {
  LedgerOpened: 'LedgerOpened',
  AccountOpened: 'AccountOpened',
  AccountChanged: 'AccountChanged',
  AccountFrozen: 'AccountFrozen',
  AccountUnfrozen: 'AccountUnfrozen',
  AccountClosed: 'AccountClosed',
  PeriodClosed: 'PeriodClosed',
  PeriodReopened: 'PeriodReopened',
  TransferPosted: 'TransferPosted',
  TransferHeld: 'TransferHeld',
  TransferCaptured: 'TransferCaptured',
  TransferVoided: 'TransferVoided',
  TransferExpired: 'TransferExpired',
  TransferRefused: 'TransferRefused',
  CaptureRefused: 'CaptureRefused',
  VoidRefused: 'VoidRefused',
  BatchPosted: 'BatchPosted',
  BatchRefused: 'BatchRefused',
};

const TYPES = new Map(
  Object.entries(STORED_NAMES).map(([type, name]) => [name, type as LedgerEventType]),
);

/** Who and what caused an event. */
export interface Causation {
  /** The subject of the token, or the command-line user. */
  readonly actor: string;
  /** The HTTP request, or the run of the importer. */
  readonly requestId: string;
  /** Everything that belongs to one business operation shares it. */
  readonly correlationId: string;
  /** What led to this command: the request, or an earlier event. */
  readonly causationId: string;
  /** Null when the command did not come over the network. */
  readonly clientAddress: string | null;
}

/** The metadata of every stored event. `$correlationId` and `$causationId` are EventStoreDB's own names. */
export interface EventMetadata {
  readonly schemaVersion: number;
  readonly actor: string;
  readonly requestId: string;
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly clientAddress: string | null;
  /** Which writer appended it: opaque, another one after each start. Absent in older events. */
  readonly writer?: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** An event of a ledger with its place in the log. */
export interface RecordedEvent {
  readonly event: LedgerEvent;
  readonly ledger: string;
  readonly revision: number;
  readonly position: bigint;
  readonly id: string;
  readonly created: Date;
  readonly metadata: EventMetadata;
}

export interface EventPlace {
  readonly stream: string;
  readonly revision: number;
  readonly previousHash: string;
  /** See EventMetadata. */
  readonly writer?: string | undefined;
}

/** An event ready to be appended, and the hash that the next one is chained to. */
export type EncodedEvent = Required<NewEvent> & { readonly hash: string };

/** For exactly this place. */
export function encode(
  event: LedgerEvent,
  { stream, revision, previousHash, writer }: EventPlace,
  causation: Causation,
): EncodedEvent {
  const type = STORED_NAMES[event.type];
  const data: JsonObject = { ...event.data };
  const metadata = {
    schemaVersion: currentVersion(type),
    actor: causation.actor,
    requestId: causation.requestId,
    $correlationId: causation.correlationId,
    $causationId: causation.causationId,
    clientAddress: causation.clientAddress,
    ...(writer === undefined ? {} : { writer }),
  };
  const json = { data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
  const hash = hashOfJson({ previousHash, stream, revision, type }, json);
  const hashes = { previousHash, hash };
  return {
    id: eventIdOf(hash),
    type,
    data,
    metadata: { ...metadata, ...hashes },
    json: { ...json, metadata: joined(json.metadata, JSON.stringify(hashes)) },
    hash,
  };
}

/** Two JSON objects that are not empty, as one. */
function joined(one: string, other: string): string {
  return `${one.slice(0, -1)},${other.slice(1)}`;
}

/** Why an event cannot be read: its type, what it is made of, or its version and the way to the newest. */
export type Unreadability = 'unknown_type' | 'corrupt_payload' | 'upcast';

/** An event that this version of Daybook cannot read: of an unknown type or version, or damaged. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';

  constructor(
    readonly category: Unreadability,
    message: string,
  ) {
    super(message);
  }
}

/** A stored event in the newest shape of its type. Throws UnreadableEvent. */
export function decode(stored: StoredEvent): RecordedEvent {
  const place = `${stored.stream}@${stored.revision}`;
  const type = TYPES.get(stored.type);
  if (!type) {
    throw new UnreadableEvent('unknown_type', `${place} has the unknown type "${stored.type}"`);
  }
  const metadata = metadataOf(stored);
  try {
    const data = upcast(stored.type, metadata.schemaVersion, stored.data);
    return {
      event: { type, data } as LedgerEvent,
      ledger: ledgerOfStream(stored.stream),
      revision: stored.revision,
      position: stored.position,
      id: stored.id,
      created: stored.created,
      metadata,
    };
  } catch (error) {
    throw new UnreadableEvent('upcast', `${place} cannot be read: ${String(error)}`);
  }
}

function metadataOf(stored: StoredEvent): EventMetadata {
  const metadata = stored.metadata as Partial<EventMetadata>;
  if (typeof metadata.schemaVersion !== 'number' || typeof metadata.hash !== 'string') {
    const place = `${stored.stream}@${stored.revision}`;
    throw new UnreadableEvent('corrupt_payload', `${place} has no schema version or hash`);
  }
  return metadata as EventMetadata;
}
