// The auditor: books every event of the log anew, with sums, rules and arithmetic of his own, and tells
// whatever does not fit. Knows neither the code that decides nor the one that fills the read models.
import { scaleAmong } from '../../../src/domain/currencies.js';
import {
  type AccountEvent,
  type AccountOpened,
  type LedgerOpened,
} from '../../../src/domain/ledger/events.js';
import { type RecordedEvent } from '../../../src/event-store/codec.js';
import { EMPTY_DIGEST } from '../../books/digest.js';
import { type Discrepancy, type Finding, findingAt } from '../finding.js';
import { type TransferHistory } from '../transfer-histories.js';
import { balanceOf, isEmpty } from './account.js';
import { textOf, unitsOf } from './amounts.js';
import { type AuditedLedger, type Auditing, CannotFollow, openedAccount } from './ledger.js';
import { checkExcess } from './settle.js';
import { auditAct, auditBatch, auditTransfer } from './transfers.js';

export class Auditor {
  private readonly ledgers = new Map<string, AuditedLedger>();
  /** Of the last event audited, by ledger. */
  private readonly revisions = new Map<string, number>();
  /** Accounts of which something wrong was told: what follows from it is not told again. */
  private readonly diverged = new Set<string>();

  constructor(private readonly tell: (finding: Finding) => void) {}

  /** The ledger right after this event; undefined when the event could not be audited. */
  ledgerAt({ ledger, revision }: RecordedEvent): AuditedLedger | undefined {
    return this.revisions.get(ledger) === revision ? this.ledgers.get(ledger) : undefined;
  }

  /**
   * @param history of the transfer that the event acts on. Throws CannotFollow, or what a damaged event
   * leads to: the ledger's events after this one cannot be audited then.
   */
  audit(recorded: RecordedEvent, history: TransferHistory | undefined): void {
    this.auditNext(recorded, history);
    this.revisions.set(recorded.ledger, recorded.revision);
  }

  private auditNext(recorded: RecordedEvent, history: TransferHistory | undefined): void {
    const { event } = recorded;
    const tell = (discrepancy: Discrepancy) => this.tellOnce(recorded, discrepancy);
    if (event.type === 'LedgerOpened') {
      if (this.ledgers.has(recorded.ledger)) throw new CannotFollow('the ledger is open already');
      this.ledgers.set(recorded.ledger, openedLedger(recorded.ledger, event.data));
      return;
    }
    const ledger = this.ledgers.get(recorded.ledger);
    if (!ledger) throw new CannotFollow('the ledger was never opened');
    const at: Auditing = { ledger, recorded, tell };
    auditEvent(at, history);
    checkExcess(at);
  }

  // The first wrong balance of an account makes all that follow wrong as well.
  private tellOnce(recorded: RecordedEvent, discrepancy: Discrepancy): void {
    const { account, what } = discrepancy;
    if (account !== undefined) {
      const key = `${recorded.ledger}/${account} ${what}`;
      if (this.diverged.has(key)) return;
      this.diverged.add(key);
    }
    this.tell(findingAt('books', recorded, discrepancy));
  }
}

function auditEvent(at: Auditing, history: TransferHistory | undefined): void {
  const { event } = at.recorded;
  switch (event.type) {
    case 'LedgerOpened':
      return;
    case 'AccountOpened':
      return openAccount(at, event.data);
    case 'AccountChanged':
    case 'AccountFrozen':
    case 'AccountUnfrozen':
    case 'AccountClosed':
      return changeAccount(at, event);
    case 'PeriodClosed':
      at.ledger.closedThrough = event.data.through;
      return;
    case 'PeriodReopened':
      at.ledger.closedThrough = event.data.closedThrough;
      return;
    case 'TransferPosted':
    case 'TransferHeld':
      return auditTransfer(at, event, history);
    case 'TransferCaptured':
    case 'TransferVoided':
    case 'TransferExpired':
      return auditAct(at, event, history);
    case 'BatchPosted':
      return auditBatch(at, event.data);
    // What is refused leaves everything as it is.
    case 'TransferRefused':
    case 'CaptureRefused':
    case 'VoidRefused':
    case 'BatchRefused':
      return;
  }
}

function openedLedger(id: string, { assets, rules }: LedgerOpened['data']): AuditedLedger {
  return {
    ...{ id, assets, rules, closedThrough: null, accounts: new Map() },
    ...{ excess: { posted: new Map(), held: new Map() }, references: new Set() },
  };
}

function openAccount({ ledger }: Auditing, data: AccountOpened['data']): void {
  const { address, type, currency, overdraftLimit, balanceLimit } = data;
  if (ledger.accounts.has(address)) throw new CannotFollow(`${address} is open already`);
  const scale = scaleAmong(ledger.assets, currency);
  if (scale === undefined) throw new CannotFollow(`currency ${currency} is not known`);
  ledger.accounts.set(address, {
    ...{ address, growsByDebits: type === 'asset' || type === 'expense', currency, scale },
    ...{ status: 'open', freeze: null, version: 1 },
    ...{ debits: 0n, credits: 0n, pendingDebits: 0n, pendingCredits: 0n },
    overdraftLimit: limitOf(overdraftLimit, scale),
    balanceLimit: limitOf(balanceLimit, scale),
    ...{ digest: EMPTY_DIGEST, entries: 0 },
  });
}

function limitOf(text: string | null, scale: number): bigint | null {
  return text === null ? null : unitsOf(text, scale);
}

function changeAccount({ ledger, tell }: Auditing, event: AccountEvent): void {
  const { address: account, version } = event.data;
  const before = openedAccount(ledger, account);
  const due = before.version + 1;
  if (version !== due) {
    tell({ account, what: 'version', expected: String(due), found: String(version) });
  }
  if (before.status === 'closed') {
    tell({ account, what: 'closed account', expected: 'no change', found: event.type });
  }
  const after = { ...before, version: due };
  switch (event.type) {
    case 'AccountChanged': {
      const { overdraftLimit, balanceLimit } = event.data.changes;
      if (overdraftLimit !== undefined) after.overdraftLimit = limitOf(overdraftLimit, after.scale);
      if (balanceLimit !== undefined) after.balanceLimit = limitOf(balanceLimit, after.scale);
      break;
    }
    case 'AccountFrozen':
      Object.assign(after, { status: 'frozen', freeze: event.data.freeze });
      break;
    case 'AccountUnfrozen':
      Object.assign(after, { status: 'open', freeze: null });
      break;
    case 'AccountClosed': {
      Object.assign(after, { status: 'closed', freeze: null });
      if (isEmpty(before)) break;
      const found = `a balance of ${textOf(balanceOf(before), before.scale)}, or holds`;
      tell({ account, what: 'closing', expected: 'nothing on the account', found });
    }
  }
  ledger.accounts.set(account, after);
}
