// The folded state of one ledger. States are layered: `layerOver(state)` gives a state that reads
// through to the one below and keeps its own changes, so that a batch of commands can be decided one
// after the other, and thrown away whole when the store does not take it. `settle` moves a layer's
// changes into the state below once they are in the log.
import { type Account } from './account.js';
import { type Asset } from './events.js';

/** A map whose changes stay in the top layer until they are merged down. */
class LayeredMap<K, V> {
  private readonly own = new Map<K, V>();
  constructor(private readonly below?: LayeredMap<K, V>) {}

  get(key: K): V | undefined {
    return this.own.get(key) ?? this.below?.get(key);
  }

  set(key: K, value: V): void {
    this.own.set(key, value);
  }

  mergeInto(target: LayeredMap<K, V>): void {
    for (const [key, value] of this.own) target.own.set(key, value);
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
  readonly accounts: LayeredMap<string, Account>;
  /** Where each transfer id was decided, posted or refused. Ids are remembered for ever. */
  readonly decidedAt: LayeredMap<string, number>;
}

export function emptyLedger(): LedgerState {
  return {
    header: undefined,
    revision: -1,
    recordedAt: '',
    accounts: new LayeredMap(),
    decidedAt: new LayeredMap(),
  };
}

/** A state that starts as `state` is and leaves it untouched. */
export function layerOver(state: LedgerState): LedgerState {
  return {
    header: state.header,
    revision: state.revision,
    recordedAt: state.recordedAt,
    accounts: new LayeredMap(state.accounts),
    decidedAt: new LayeredMap(state.decidedAt),
  };
}

/** Moves the changes of a layer into the state it was laid over. */
export function settle(layer: LedgerState, state: LedgerState): void {
  state.header = layer.header;
  state.revision = layer.revision;
  state.recordedAt = layer.recordedAt;
  layer.accounts.mergeInto(state.accounts);
  layer.decidedAt.mergeInto(state.decidedAt);
}
