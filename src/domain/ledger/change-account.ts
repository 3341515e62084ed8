// Changing the rules and the metadata of an account. Its address, type and currency are for ever.
import { type MinorUnits } from '../money.js';
import { type Account, inCurrencyOf } from './account.js';
import { type Decision, UNCHANGED, happened, recordedAtOf, rejected } from './decision.js';
import { type AccountChanges } from './events.js';
import { type Metadata } from './metadata.js';
import { onUnclosedAccount, rejectedFor } from './existing-account.js';
import { canonicalLimit, limitProblems } from './limits.js';
import { differingMetadata } from './metadata.js';
import { type LedgerState } from './state.js';

export interface ChangeAccount {
  readonly type: 'ChangeAccount';
  readonly address: string;
  /** Decimal strings, null is without limit; undefined leaves what there is. */
  readonly overdraftLimit: string | null | undefined;
  readonly balanceLimit: string | null | undefined;
  /** All of it, not only what differs; undefined leaves what there is. */
  readonly metadata: Metadata | undefined;
  /** The version that the caller has seen; null takes any. */
  readonly expectedVersion: number | null;
  readonly now: string;
}

/**
 * A limit may be set below the present balance, or an overdraft limit above what is overdrawn: limits are
 * decided only against the direction in which a transfer moves the account, so it can still come back.
 * Rejections after those of every account: INVALID_ACCOUNT, then VERSION_MISMATCH. A change that changes
 * nothing is right at any version: the caller may have made it himself, and not heard the answer.
 */
export function changeAccount(state: LedgerState, command: ChangeAccount): Decision {
  return onUnclosedAccount(state, command.address, (account) => {
    const problems = limitProblems(command, account);
    if (problems.length > 0) {
      return rejected('INVALID_ACCOUNT', 'The account cannot be changed as described.', problems);
    }
    const changes = changesOf(account, command);
    if (Object.keys(changes).length === 0) return UNCHANGED;
    const { address, version } = account;
    const { expectedVersion } = command;
    if (expectedVersion !== null && expectedVersion !== version) {
      const message = `The account is at version ${version}, not ${expectedVersion}.`;
      return rejectedFor(state, account, 'VERSION_MISMATCH', message);
    }
    const recordedAt = recordedAtOf(command.now, state.recordedAt);
    const data = { address, version: version + 1, changes, recordedAt };
    return happened({ type: 'AccountChanged', data });
  });
}

function changesOf(account: Account, command: ChangeAccount): AccountChanges {
  const overdraftLimit = newLimit(account, account.overdraftLimit, command.overdraftLimit);
  const balanceLimit = newLimit(account, account.balanceLimit, command.balanceLimit);
  const metadata = newMetadata(account.metadata, command.metadata);
  return {
    ...(overdraftLimit !== undefined && { overdraftLimit }),
    ...(balanceLimit !== undefined && { balanceLimit }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** Undefined when there is nothing to change; so is newMetadata. */
function newLimit(
  account: Account,
  current: MinorUnits | null,
  requested: string | null | undefined,
): string | null | undefined {
  if (requested === undefined) return undefined;
  const limit = canonicalLimit(requested, account.scale);
  return limit === inCurrencyOf(account, current) ? undefined : limit;
}

function newMetadata(current: Metadata, requested: Metadata | undefined): Metadata | undefined {
  if (requested === undefined) return undefined;
  return differingMetadata(current, requested).length === 0 ? undefined : requested;
}
