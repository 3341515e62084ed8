// A ledger as the auditor keeps it.
import { type Asset, type LedgerRules } from '../../../src/domain/ledger/events.js';
import { type RecordedEvent } from '../../../src/event-store/codec.js';
import { type Discrepancy } from '../finding.js';
import { type AuditedAccount } from './account.js';

export interface AuditedLedger {
  readonly id: string;
  readonly assets: readonly Asset[];
  readonly rules: LedgerRules;
  /** The last day that is closed. */
  closedThrough: string | null;
  readonly accounts: Map<string, AuditedAccount>;
  /** Debits less credits of all accounts, by currency, posted and held: always nothing. */
  readonly excess: { readonly posted: Map<string, bigint>; readonly held: Map<string, bigint> };
  /** Used, where a reference may be used only once. */
  readonly references: Set<string>;
}

/** The event under audit, on the ledger as it was before, and where to tell what is wrong with it. */
export interface Auditing {
  readonly ledger: AuditedLedger;
  readonly recorded: RecordedEvent;
  readonly tell: (discrepancy: Discrepancy) => void;
}

/** The event is about something that is not there: the ledger cannot be followed any further. */
export class CannotFollow extends Error {
  override readonly name = 'CannotFollow';
}

/** Throws CannotFollow. */
export function openedAccount({ accounts }: AuditedLedger, address: string): AuditedAccount {
  const account = accounts.get(address);
  if (!account) throw new CannotFollow(`account ${address} was never opened`);
  return account;
}
