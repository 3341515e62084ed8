// What of a folded ledger goes into a snapshot, and how it is written: one line here for each map of the
// state. Whoever changes a shape raises FOLD_VERSION; older snapshots are then no longer read.
import { type Account } from '../../domain/ledger/account.js';
import { type Transfer } from '../../domain/ledger/transfer.js';
import { type PackedRevisions } from '../../domain/ledger/packed-revisions.js';
import { type SettledState } from '../../domain/ledger/state.js';
import { type ChangedKeys, type TrackedMap, Unread } from '../../domain/ledger/tracked-map.js';
import { type SnapshotValue } from './snapshot-store.js';

type MapName = 'accounts' | 'transfers' | 'carried' | 'decidedAt' | 'actedAt' | 'references';

/** A map of values that change, each of which is stored by itself. */
export interface ValueTable {
  readonly map: MapName;
  size(state: SettledState): number;
  takeChanged(state: SettledState): ChangedKeys;
  /** The values of these keys as they are now. Each is written out no sooner than it is asked for. */
  cut(state: SettledState, keys: ChangedKeys): Iterable<SnapshotValue>;
  restore(state: SettledState, key: string, text: string): void;
}

/** A map that only grows, whose records are stored as they are. */
export interface RecordTable {
  readonly map: MapName;
  of(state: SettledState): PackedRevisions;
}

export const VALUE_TABLES: readonly ValueTable[] = [
  valueTable('accounts', (state) => state.accounts, accountText, accountFrom),
  valueTable('transfers', (state) => state.transfers, JSON.stringify, transferFrom),
  valueTable('carried', (state) => state.carried, String, carriedFrom),
];

export const RECORD_TABLES: readonly RecordTable[] = [
  { map: 'decidedAt', of: (state) => state.decidedAt },
  { map: 'actedAt', of: (state) => state.actedAt },
  { map: 'references', of: (state) => state.references },
];

/** Everything else in the state, as JSON, and how much the maps hold, by which a lost row is noticed. */
export function summaryOf(state: SettledState): string {
  const { header, recordedAt, closedThrough, nextExpiry } = state;
  const summary: Summary = { header, recordedAt, closedThrough, nextExpiry, sizes: sizesOf(state) };
  return JSON.stringify(summary);
}

/** Returns the sizes that the state will have once its maps are restored too. */
export function restoreSummary(state: SettledState, summary: string): Sizes {
  const { sizes, ...rest } = JSON.parse(summary) as Summary;
  Object.assign(state, rest);
  for (const table of RECORD_TABLES) table.of(state).reserve(sizes[table.map] ?? 0);
  return sizes;
}

/** What is in a state besides its maps: whatever is added to it has to be named above or here. */
interface Summary extends Omit<SettledState, MapName | 'revision'> {
  readonly sizes: Sizes;
}

type Sizes = Readonly<Partial<Record<MapName, number>>>;

/** How much each map holds. */
export function sizesOf(state: SettledState): Sizes {
  return Object.fromEntries([
    ...VALUE_TABLES.map((table) => [table.map, table.size(state)]),
    ...RECORD_TABLES.map((table) => [table.map, table.of(state).size]),
  ]) as Sizes;
}

function valueTable<V>(
  map: MapName,
  of: (state: SettledState) => TrackedMap<V>,
  write: (value: V) => string,
  read: (key: string, text: string) => V,
): ValueTable {
  return {
    map,
    size: (state) => of(state).size,
    takeChanged: (state) => of(state).takeChanged(),
    cut: (state, changed) => {
      if (changed === 'all') return written(map, of(state).all(), write);
      const keys = [...changed];
      return written(map, { keys, values: keys.map((key) => of(state).get(key)) }, write);
    },
    restore: (state, key, text) => of(state).restore(key, new Unread(text, read)),
  };
}

function* written<V>(
  map: string,
  {
    keys,
    values,
  }: { readonly keys: readonly string[]; readonly values: readonly (V | Unread<V> | undefined)[] },
  write: (value: V) => string,
): Generator<SnapshotValue> {
  for (const [index, key] of keys.entries()) {
    const value = values[index];
    const text = value instanceof Unread ? value.text : value === undefined ? null : write(value);
    yield { map, key, text };
  }
}

type AccountRow = [
  ...[Account['type'], string, number, Account['status'], Account['freeze'], number],
  ...[string, string, string, string, string | null, string | null],
  ...[Account['metadata'], string, number],
];

function accountText(account: Account): string {
  const { posted, pending } = account;
  const row: AccountRow = [
    account.type,
    account.currency,
    account.scale,
    account.status,
    account.freeze,
    account.version,
    `${posted.debits}`,
    `${posted.credits}`,
    `${pending.debits}`,
    `${pending.credits}`,
    account.overdraftLimit?.toString() ?? null,
    account.balanceLimit?.toString() ?? null,
    account.metadata,
    account.openedAt,
    account.openedRevision,
  ];
  return JSON.stringify(row);
}

function accountFrom(address: string, text: string): Account {
  const row = JSON.parse(text) as AccountRow;
  return {
    address,
    type: row[0],
    currency: row[1],
    scale: row[2],
    status: row[3],
    freeze: row[4],
    version: row[5],
    posted: { debits: BigInt(row[6]), credits: BigInt(row[7]) },
    pending: { debits: BigInt(row[8]), credits: BigInt(row[9]) },
    overdraftLimit: row[10] === null ? null : BigInt(row[10]),
    balanceLimit: row[11] === null ? null : BigInt(row[11]),
    metadata: row[12],
    openedAt: row[13],
    openedRevision: row[14],
  };
}

function transferFrom(_id: string, text: string): Transfer {
  return JSON.parse(text) as Transfer;
}

function carriedFrom(_account: string, text: string): string {
  return text;
}
