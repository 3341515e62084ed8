// Folds events into the state: the one place that says what an event means for the books.
import { scaleAmong } from '../currencies.js';
import { InvariantViolation } from '../errors.js';
import { type MinorUnits, toMinorUnits } from '../money.js';
import { type Account, balanceOf } from './account.js';
import {
  type AccountChanges,
  type AccountEvent,
  type AccountOpened,
  type LedgerEvent,
  type LedgerOpened,
  type Leg,
  type TransferPosted,
} from './events.js';
import { type LedgerState } from './state.js';

/**
 * Applies one event to the top layer of `state`; layers below are not touched.
 * Throws InvariantViolation when the event cannot follow from what went before.
 */
export function evolve(state: LedgerState, event: LedgerEvent): void {
  state.revision += 1;
  state.recordedAt = event.data.recordedAt;
  switch (event.type) {
    case 'LedgerOpened':
      return openLedger(state, event.data);
    case 'AccountOpened':
      return openAccount(state, event.data);
    case 'AccountChanged':
    case 'AccountFrozen':
    case 'AccountUnfrozen':
    case 'AccountClosed':
      return changeAccount(state, event);
    case 'TransferPosted':
      return postTransfer(state, event.data);
    case 'TransferRefused':
      state.decidedAt.set(event.data.id, state.revision);
      return;
    default:
      throw new InvariantViolation(
        `An event of an unknown type: ${JSON.stringify(event satisfies never)}`,
      );
  }
}

/** Decimals of a currency in this ledger; undefined when it is neither ISO 4217 nor registered here. */
export function scaleOf(state: LedgerState, currency: string): number | undefined {
  return scaleAmong(state.header?.assets ?? [], currency);
}

function openLedger(state: LedgerState, data: LedgerOpened['data']): void {
  if (state.header) throw new InvariantViolation(`Ledger ${data.ledger} is opened twice`);
  state.header = {
    id: data.ledger,
    name: data.name,
    openedAt: data.recordedAt,
    assets: data.assets,
  };
}

function openAccount(state: LedgerState, data: AccountOpened['data']): void {
  if (state.accounts.get(data.address)) {
    throw new InvariantViolation(`Account ${data.address} is opened twice`);
  }
  const scale = knownScale(state, data.currency);
  state.accounts.set(data.address, {
    address: data.address,
    type: data.type,
    currency: data.currency,
    scale,
    status: 'open',
    freeze: null,
    version: 1,
    posted: { debits: 0n, credits: 0n },
    pending: { debits: 0n, credits: 0n },
    overdraftLimit: limitUnits(data.overdraftLimit, scale),
    balanceLimit: limitUnits(data.balanceLimit, scale),
    metadata: data.metadata,
    openedAt: data.recordedAt,
    openedRevision: state.revision,
  });
}

function changeAccount(state: LedgerState, event: AccountEvent): void {
  const { address, version } = event.data;
  const account = state.accounts.get(address);
  if (!account) throw new InvariantViolation(`${address} is changed, but was never opened`);
  assertNotClosed(account);
  if (version !== account.version + 1) {
    throw new InvariantViolation(
      `A change of ${address} recorded version ${version}; the fold of the log comes to ` +
        `${account.version + 1}`,
    );
  }
  if (event.type === 'AccountClosed' && balanceOf(account) !== 0n) {
    throw new InvariantViolation(`Account ${address} is closed with a balance`);
  }
  state.accounts.set(address, { ...account, ...changesBy(event, account.scale), version });
}

/** What an event says of the account, other than that it was changed. */
function changesBy(event: AccountEvent, scale: number): Partial<Account> {
  switch (event.type) {
    case 'AccountChanged':
      return ruleChanges(event.data.changes, scale);
    case 'AccountFrozen':
      return { status: 'frozen', freeze: event.data.freeze };
    case 'AccountUnfrozen':
      return { status: 'open', freeze: null };
    case 'AccountClosed':
      return { status: 'closed', freeze: null };
  }
}

function ruleChanges(changes: AccountChanges, scale: number): Partial<Account> {
  const { overdraftLimit, balanceLimit, metadata } = changes;
  return {
    ...(overdraftLimit !== undefined && { overdraftLimit: limitUnits(overdraftLimit, scale) }),
    ...(balanceLimit !== undefined && { balanceLimit: limitUnits(balanceLimit, scale) }),
    ...(metadata !== undefined && { metadata }),
  };
}

function assertNotClosed({ address, status }: Account): void {
  if (status !== 'closed') return;
  throw new InvariantViolation(`Account ${address} was closed, and nothing may follow`);
}

function limitUnits(text: string | null, scale: number): MinorUnits | null {
  return text === null ? null : toMinorUnits(text, scale);
}

function postTransfer(state: LedgerState, data: TransferPosted['data']): void {
  if (state.decidedAt.get(data.id) !== undefined) {
    throw new InvariantViolation(`Transfer ${data.id} is decided twice`);
  }
  for (const account of accountsAfter(state, data.legs)) {
    assertNotClosed(account);
    state.accounts.set(account.address, account);
  }
  state.decidedAt.set(data.id, state.revision);
  checkRecordedBalances(state, data);
}

/**
 * Every account the legs touch, as it is after all of them, in order of first mention; each version
 * is one higher.
 * Debits equal credits by construction: each leg adds the same amount to one debit and one credit sum.
 */
export function accountsAfter(state: LedgerState, legs: readonly Leg[]): Account[] {
  const changed = new Map<string, Account>();
  const current = (address: string): Account => {
    const seen = changed.get(address);
    if (seen) return seen;
    const account = state.accounts.get(address);
    if (!account)
      throw new InvariantViolation(`A transfer names ${address}, which was never opened`);
    return { ...account, version: account.version + 1 };
  };
  for (const leg of legs) {
    const debited = current(leg.debit);
    const units = toMinorUnits(leg.amount, debited.scale);
    changed.set(leg.debit, withPosted(debited, units, 0n));
    changed.set(leg.credit, withPosted(current(leg.credit), 0n, units));
  }
  return [...changed.values()];
}

function withPosted(account: Account, debits: MinorUnits, credits: MinorUnits): Account {
  const posted = {
    debits: account.posted.debits + debits,
    credits: account.posted.credits + credits,
  };
  return { ...account, posted };
}

// The log carries what each decision came to; a fold that arrives elsewhere must not go on.
function checkRecordedBalances(state: LedgerState, data: TransferPosted['data']): void {
  for (const recorded of data.balances) {
    const account = state.accounts.get(recorded.account);
    const agrees =
      account !== undefined &&
      account.version === recorded.version &&
      balanceOf(account) === toMinorUnits(recorded.balance, account.scale);
    if (!agrees) {
      throw new InvariantViolation(
        `Transfer ${data.id} recorded ${recorded.account} at version ${recorded.version} with ` +
          `${recorded.balance}; the fold of the log disagrees`,
      );
    }
  }
}

function knownScale(state: LedgerState, currency: string): number {
  const scale = scaleOf(state, currency);
  if (scale === undefined) throw new InvariantViolation(`Currency ${currency} is not known here`);
  return scale;
}
