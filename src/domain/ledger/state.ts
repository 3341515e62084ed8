// The folded state of one ledger. States are layered: `layerOver(state)` gives a state that reads
// through to the one below and keeps its own changes, so that a batch of commands can be decided one
// after the other, and thrown away whole when the store does not take it. `settle` moves a layer's
// changes into the state below once they are in the log. The lowest layer is the ledger as it is.
import { type HashKey } from '../half-sip-hash.js';
import { type Account } from './account.js';
import { type Asset } from './events.js';
import { PackedRevisions } from './packed-revisions.js';

/** What a state keeps many of. */
interface LedgerMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

/** A map whose changes stay in the top layer until they are merged down. */
class LayeredMap<K, V> implements LedgerMap<K, V> {
  private readonly own = new Map<K, V>();
  constructor(private readonly below?: LedgerMap<K, V>) {}

  get(key: K): V | undefined {
    return this.own.get(key) ?? this.below?.get(key);
  }

  set(key: K, value: V): void {
    // The last one set comes last, so that revisions are merged in their order.
    if (this.below) this.own.delete(key);
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
}

export interface LedgerState {
  /** Undefined until the ledger is opened. */
  header: LedgerHeader | undefined;
  /** Revision of the last event folded; -1 before the first. */
  revision: number;
  /** Latest `recordedAt` so far; the next one is never earlier. Empty before the first event. */
  recordedAt: string;
  readonly accounts: LedgerMap<string, Account>;
  /** Where each transfer id was decided, posted or refused. Ids are remembered for ever. */
  readonly decidedAt: LedgerMap<string, number>;
}

export interface LedgerLayer extends LedgerState {
  readonly accounts: LayeredMap<string, Account>;
  readonly decidedAt: LayeredMap<string, number>;
}

/** Where callers choose the ids, `hashKey` must be one they do not know: it keeps looking up quick. */
export function emptyLedger(hashKey: HashKey = [0, 0]): LedgerState {
  return {
    header: undefined,
    revision: -1,
    recordedAt: '',
    accounts: new LayeredMap(),
    decidedAt: new PackedRevisions(hashKey),
  };
}

/** A state that starts as `state` is and leaves it untouched. */
export function layerOver(state: LedgerState): LedgerLayer {
  return {
    header: state.header,
    revision: state.revision,
    recordedAt: state.recordedAt,
    accounts: new LayeredMap(state.accounts),
    decidedAt: new LayeredMap(state.decidedAt),
  };
}

/** Moves the changes of a layer into the state it was laid over. */
export function settle(layer: LedgerLayer, state: LedgerState): void {
  state.header = layer.header;
  state.revision = layer.revision;
  state.recordedAt = layer.recordedAt;
  layer.accounts.mergeInto(state.accounts);
  layer.decidedAt.mergeInto(state.decidedAt);
}
