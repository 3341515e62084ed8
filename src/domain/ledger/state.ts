// The folded state of one ledger. States are layered: `layerOver(state)` gives a state that reads
// through to the one below and keeps its own changes, so that a batch of commands can be decided one
// after the other, and thrown away whole when the store does not take it. `settle` moves a layer's
// changes into the state below once they are in the log.
import { type HashKey } from '../half-sip-hash.js';
import { type Account } from './account.js';
import { type Asset, type LedgerRules } from './events.js';
import { PackedRevisions } from './packed-revisions.js';
import { TrackedMap } from './tracked-map.js';
import { type Transfer } from './transfer.js';

/** What a state keeps many of. */
interface LedgerMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

/** A map whose changes stay in the top layer until they are merged down. */
class LayeredMap<K, V> implements LedgerMap<K, V> {
  private readonly own = new Map<K, V>();
  constructor(private readonly below: LedgerMap<K, V>) {}

  get(key: K): V | undefined {
    return this.own.get(key) ?? this.below.get(key);
  }

  set(key: K, value: V): void {
    // The last one set comes last, so that revisions are merged in their order.
    this.own.delete(key);
    this.own.set(key, value);
  }

  mergeInto(target: LedgerMap<K, V>): void {
    for (const [key, value] of this.own) target.set(key, value);
  }
}

/** What the opening event said of the ledger itself. */
export interface LedgerHeader {
  readonly id: string;
  readonly name: string;
  readonly openedAt: string;
  /** Registered currencies; those of ISO 4217 are known without. */
  readonly assets: readonly Asset[];
  readonly rules: LedgerRules;
}

export interface LedgerState {
  /** Undefined until the ledger is opened. */
  header: LedgerHeader | undefined;
  /** Revision of the last event folded; -1 before the first. */
  revision: number;
  /** Latest `recordedAt` so far; the next one is never earlier. Empty before the first event. */
  recordedAt: string;
  /** The last day that is closed, `2026-06-30`; null when none is. */
  closedThrough: string | null;
  /** No transfer that is pending expires before; null when none expires. */
  nextExpiry: string | null;
  readonly accounts: LedgerMap<string, Account>;
  /** Where each id was decided: of transfers, batches and acts on transfers. Remembered for ever. */
  readonly decidedAt: LedgerMap<string, number>;
  /** Where each transfer was acted on last: captured, voided, expired or reversed. */
  readonly actedAt: LedgerMap<string, number>;
  /**
   * The transfers that are pending. A layer knows more: those decided in it, and those that were read
   * again from the log for the commands it is made for.
   */
  readonly transfers: LedgerMap<string, Transfer>;
  /** Where each reference was used, in ledgers where it is unique. */
  readonly references: LedgerMap<string, number>;
  /** By rounding account, what exchanges left and could not be posted yet: units of its currency. */
  readonly carried: LedgerMap<string, string>;
}

/** The ledger as it is: the lowest layer, which is there for long. */
export interface SettledState extends LedgerState {
  readonly accounts: TrackedMap<Account>;
  readonly decidedAt: PackedRevisions;
  readonly actedAt: PackedRevisions;
  /** Those that are pending, and no others. */
  readonly transfers: TrackedMap<Transfer>;
  readonly references: PackedRevisions;
  readonly carried: TrackedMap<string>;
}

export interface LedgerLayer extends LedgerState {
  readonly accounts: LayeredMap<string, Account>;
  readonly decidedAt: LayeredMap<string, number>;
  readonly actedAt: LayeredMap<string, number>;
  readonly transfers: LayeredMap<string, Transfer>;
  readonly references: LayeredMap<string, number>;
  readonly carried: LayeredMap<string, string>;
}

/** Where callers choose the ids, `hashKey` must be one they do not know: it keeps looking up quick. */
export function emptyLedger(hashKey: HashKey = [0, 0]): SettledState {
  return {
    header: undefined,
    revision: -1,
    recordedAt: '',
    closedThrough: null,
    nextExpiry: null,
    accounts: new TrackedMap(),
    decidedAt: new PackedRevisions(hashKey),
    actedAt: new PackedRevisions(hashKey),
    transfers: new TrackedMap(({ state }) => state === 'pending'),
    references: new PackedRevisions(hashKey),
    carried: new TrackedMap(),
  };
}

/** A state that starts as `state` is and leaves it untouched. */
export function layerOver(state: LedgerState): LedgerLayer {
  return {
    header: state.header,
    revision: state.revision,
    recordedAt: state.recordedAt,
    closedThrough: state.closedThrough,
    nextExpiry: state.nextExpiry,
    accounts: new LayeredMap(state.accounts),
    decidedAt: new LayeredMap(state.decidedAt),
    actedAt: new LayeredMap(state.actedAt),
    transfers: new LayeredMap(state.transfers),
    references: new LayeredMap(state.references),
    carried: new LayeredMap(state.carried),
  };
}

/** Moves the changes of a layer into the state it was laid over. */
export function settle(layer: LedgerLayer, state: LedgerState): void {
  state.header = layer.header;
  state.revision = layer.revision;
  state.recordedAt = layer.recordedAt;
  state.closedThrough = layer.closedThrough;
  state.nextExpiry = layer.nextExpiry;
  layer.accounts.mergeInto(state.accounts);
  layer.decidedAt.mergeInto(state.decidedAt);
  layer.actedAt.mergeInto(state.actedAt);
  layer.transfers.mergeInto(state.transfers);
  layer.references.mergeInto(state.references);
  layer.carried.mergeInto(state.carried);
}
