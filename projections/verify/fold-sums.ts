// One pass over the log: the sums of the rows that it leads to, and everything that does not add up. What
// the projections make of each event is held against what the auditor makes of it, account by account.
import { type RecordedEvent } from '../../src/event-store/codec.js';
import { type EventStore, type StoredEvent } from '../../src/event-store/event-store.js';
import { type AccountBook } from '../books/booking.js';
import { type RowChange, type Table } from '../engine/table.js';
import { type AuditedAccount } from './audit/account.js';
import { Auditor } from './audit/auditor.js';
import { type Finding, findingAt } from './finding.js';
import { FoldLog } from './fold-log.js';
import { rowText } from './rows/canonical.js';
import { ExpectedRows } from './rows/expected-rows.js';
import { Fingerprints, bucketOf } from './rows/fingerprints.js';

export interface FoldSumsOptions {
  readonly store: EventStore;
  readonly tables: ReadonlySet<Table>;
  /** The events to fold, in batches. */
  readonly batches: AsyncIterable<readonly StoredEvent[]>;
  /** Whether an event has led to rows by now. */
  readonly isApplied: (recorded: RecordedEvent) => boolean;
  readonly tell: (finding: Finding) => void;
  readonly onProgress: (events: number) => void;
}

export interface FoldedSums {
  readonly sums: Fingerprints;
  readonly events: number;
  /** Of these, the ones that have led to rows. */
  readonly applied: number;
  /** The last event. */
  readonly last: StoredEvent | undefined;
}

/** Throws EventStoreUnavailable, and what the batches throw. */
export async function foldSums(options: FoldSumsOptions): Promise<FoldedSums> {
  const { store, tables, batches, isApplied, tell, onProgress } = options;
  const sums = new Fingerprints();
  const add = (change: RowChange, times: 1 | -1) => {
    if (tables.has(change.table)) sums.addRow(bucketOf(change), rowText(change), times);
  };
  const rows = new ExpectedRows();
  const auditor = new Auditor(tell);
  const compare = comparison(auditor, tell);
  let applied = 0;
  const log = new FoldLog({
    ...{ store, tell },
    folds: [
      (recorded, history) => {
        auditor.audit(recorded, history);
      },
      (recorded, history) => {
        if (!isApplied(recorded)) return;
        applied += 1;
        const { accounts, added, removed } = rows.apply(recorded, history);
        for (const change of added) add(change, 1);
        for (const change of removed) add(change, -1);
        compare(recorded, accounts);
      },
    ],
  });
  let last: StoredEvent | undefined;
  for await (const batch of batches) {
    await log.take(batch);
    last = batch.at(-1) ?? last;
    onProgress(log.events);
  }
  for (const change of rows.latest()) add(change, 1);
  return { sums, events: log.events, applied, last };
}

/** Tells of each account at most once. */
function comparison(auditor: Auditor, tell: (finding: Finding) => void) {
  const told = new Set<AccountBook['address']>();
  return (recorded: RecordedEvent, accounts: readonly AccountBook[]): void => {
    const ledger = auditor.ledgerAt(recorded);
    if (!ledger) return;
    for (const account of accounts) {
      const audited = ledger.accounts.get(account.address);
      if (audited && agree(account, audited)) continue;
      const key = `${ledger.id}/${account.address}`;
      if (told.has(key)) continue;
      told.add(key);
      const texts = { expected: summary(audited), found: summary(asAudited(account)) };
      const what = 'sums and digest in the projection';
      tell(findingAt('books', recorded, { account: account.address, what, ...texts }));
    }
  };
}

type Sums = Pick<
  AuditedAccount,
  'version' | 'debits' | 'credits' | 'pendingDebits' | 'pendingCredits' | 'digest'
>;

function asAudited({ version, posted, pending, digest }: AccountBook): Sums {
  const { debits, credits } = posted;
  return {
    ...{ version, debits, credits, digest },
    ...{ pendingDebits: pending.debits, pendingCredits: pending.credits },
  };
}

function agree(
  { version, posted, pending, digest }: AccountBook,
  audited: AuditedAccount,
): boolean {
  return (
    audited.version === version &&
    audited.debits === posted.debits &&
    audited.credits === posted.credits &&
    audited.pendingDebits === pending.debits &&
    audited.pendingCredits === pending.credits &&
    audited.digest === digest
  );
}

function summary(sums: Sums | undefined): string {
  if (!sums) return 'no such account';
  const { version, debits, credits, pendingDebits, pendingCredits, digest } = sums;
  const held = `${pendingDebits} and ${pendingCredits} held`;
  return `version ${version}, debits ${debits}, credits ${credits}, ${held}, digest ${digest}`;
}
