// What no transfer may do to an account, whatever it is made of: the rules of the books, as sentences
// about an account before and after. Told independently of the code that decides.
import { type AuditedAccount, availableOf, balanceOf, ceilingOf } from './account.js';
import { textOf } from './amounts.js';
import { type Discrepancy } from '../finding.js';

/** Sums of an account stay below this many units of its currency. */
const SUM_DIGITS_MAX = 36;

type Pair = readonly [before: AuditedAccount, after: AuditedAccount];

/** Every rule that taking an account from `before` to `after` breaks. */
export function brokenRules(before: AuditedAccount, after: AuditedAccount): Discrepancy[] {
  const pair: Pair = [before, after];
  const { address: account } = before;
  return [
    ...(before.status === 'closed' ? [closed()] : []),
    ...frozen(pair),
    ...overdrawn(pair),
    ...beyondLimit(pair),
    ...overflown(pair),
    ...heldBelowZero(pair),
  ].map((discrepancy) => ({ account, ...discrepancy }));
}

function closed(): Discrepancy {
  return { what: 'closed account', expected: 'no entry', found: 'an entry' };
}

function frozen([before, after]: Pair): Discrepancy[] {
  const debited = after.debits > before.debits || after.pendingDebits > before.pendingDebits;
  const credited = after.credits > before.credits || after.pendingCredits > before.pendingCredits;
  const isBroken = (before.freeze !== null && debited) || (before.freeze === 'all' && credited);
  if (!isBroken) return [];
  const expected = before.freeze === 'all' ? 'no entry' : 'no debit';
  return [{ what: 'frozen account', expected, found: debited ? 'a debit' : 'a credit' }];
}

function overdrawn([before, after]: Pair): Discrepancy[] {
  const { overdraftLimit, scale } = before;
  const available = availableOf(after);
  if (overdraftLimit === null || available >= availableOf(before) || available >= -overdraftLimit) {
    return [];
  }
  const expected = `at least ${textOf(-overdraftLimit, scale)} available`;
  return [{ what: 'overdraft limit', expected, found: textOf(available, scale) }];
}

function beyondLimit([before, after]: Pair): Discrepancy[] {
  const { balanceLimit, scale } = before;
  const ceiling = ceilingOf(after);
  if (balanceLimit === null || ceiling <= ceilingOf(before) || ceiling <= balanceLimit) return [];
  const expected = `at most ${textOf(balanceLimit, scale)}`;
  return [{ what: 'balance limit', expected, found: textOf(ceiling, scale) }];
}

function overflown([, after]: Pair): Discrepancy[] {
  const { debits, credits, pendingDebits, pendingCredits, scale } = after;
  const most = 10n ** BigInt(SUM_DIGITS_MAX + scale);
  if (debits + pendingDebits < most && credits + pendingCredits < most) return [];
  const found = textOf(balanceOf(after), scale);
  return [{ what: 'size of sums', expected: `below 10^${SUM_DIGITS_MAX}`, found }];
}

function heldBelowZero([, after]: Pair): Discrepancy[] {
  const { pendingDebits, pendingCredits, scale } = after;
  const held = pendingDebits < pendingCredits ? pendingDebits : pendingCredits;
  if (held >= 0n) return [];
  return [{ what: 'held', expected: 'at least 0', found: textOf(held, scale) }];
}
