// The folded state of one ledger. States are layered: `layerOver(state)` gives a state that reads
// through to the one below and keeps its own changes, so that a batch of commands can be decided one
// after the other, and thrown away whole when the store does not take it. `settle` moves a layer's
// changes into the state below once they are in the log.
import { type Account } from './account.js';
import { type Asset, type LedgerRules } from './events.js';
import { type Transfer } from './transfer.js';

/** A map whose changes stay in the top layer until they are merged down. */
class LayeredMap<K, V> {
  private readonly own = new Map<K, V>();
  /** `keeps` is asked of the lowest layer alone; what it need not keep, it forgets. */
  constructor(
    private readonly below?: LayeredMap<K, V>,
    private readonly keeps: (value: V) => boolean = () => true,
  ) {}

  get(key: K): V | undefined {
    return this.own.get(key) ?? this.below?.get(key);
  }

  set(key: K, value: V): void {
    if (this.below || this.keeps(value)) this.own.set(key, value);
    else this.own.delete(key);
  }

  /** What this layer itself holds. */
  values(): IterableIterator<V> {
    return this.own.values();
  }

  mergeInto(target: LayeredMap<K, V>): void {
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
  readonly accounts: LayeredMap<string, Account>;
  /** Where each id was decided: of transfers, batches and acts on transfers. Remembered for ever. */
  readonly decidedAt: LayeredMap<string, number>;
  /** Where each transfer was acted on last: captured, voided, expired or reversed. */
  readonly actedAt: LayeredMap<string, number>;
  /**
   * The transfers that are pending. A layer knows more: those decided in it, and those that were read
   * again from the log for the commands it is made for.
   */
  readonly transfers: LayeredMap<string, Transfer>;
  /** Where each reference was used, in ledgers where it is unique. */
  readonly references: LayeredMap<string, number>;
  /** By rounding account, what exchanges left and could not be posted yet: units of its currency. */
  readonly carried: LayeredMap<string, string>;
}

export function emptyLedger(): LedgerState {
  return {
    header: undefined,
    revision: -1,
    recordedAt: '',
    closedThrough: null,
    accounts: new LayeredMap(),
    decidedAt: new LayeredMap(),
    actedAt: new LayeredMap(),
    transfers: new LayeredMap(undefined, ({ state }: Transfer) => state === 'pending'),
    references: new LayeredMap(),
    carried: new LayeredMap(),
  };
}

/** A state that starts as `state` is and leaves it untouched. */
export function layerOver(state: LedgerState): LedgerState {
  return {
    header: state.header,
    revision: state.revision,
    recordedAt: state.recordedAt,
    closedThrough: state.closedThrough,
    accounts: new LayeredMap(state.accounts),
    decidedAt: new LayeredMap(state.decidedAt),
    actedAt: new LayeredMap(state.actedAt),
    transfers: new LayeredMap(state.transfers),
    references: new LayeredMap(state.references),
    carried: new LayeredMap(state.carried),
  };
}

/** Moves the changes of a layer into the state it was laid over. */
export function settle(layer: LedgerState, state: LedgerState): void {
  state.header = layer.header;
  state.revision = layer.revision;
  state.recordedAt = layer.recordedAt;
  state.closedThrough = layer.closedThrough;
  layer.accounts.mergeInto(state.accounts);
  layer.decidedAt.mergeInto(state.decidedAt);
  layer.actedAt.mergeInto(state.actedAt);
  layer.transfers.mergeInto(state.transfers);
  layer.references.mergeInto(state.references);
  layer.carried.mergeInto(state.carried);
}
