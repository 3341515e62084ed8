// Why the books say no, asked in the order in which refusals win.
import { type Condition, type Leg } from '../../src/domain/ledger/transfer-events.js';
import {
  type Account,
  type Books,
  accountAt,
  standing,
  sumsOf,
  unitsOf,
  written,
} from './books.js';

export interface Refused {
  readonly code: string;
  /** Accounts that break the rule. */
  readonly accounts?: readonly string[];
  /** Conditions that are not met, with what was seen. */
  readonly unmet?: readonly string[];
}

interface Timed {
  readonly effectiveAt: string;
  readonly recordedAt: string;
}

const DAY = 86_400_000;

export function untimely(books: Books, { effectiveAt, recordedAt }: Timed): Refused | undefined {
  const ahead = Date.parse(effectiveAt) - Date.parse(recordedAt);
  const { pastDaysMax, futureDaysMax } = books.rules ?? { pastDaysMax: null, futureDaysMax: null };
  const early = pastDaysMax !== null && ahead < -pastDaysMax * DAY;
  const late = futureDaysMax !== null && ahead > futureDaysMax * DAY;
  if (early || late) return { code: 'EFFECTIVE_AT_OUT_OF_RANGE' };
  const { closedThrough } = books;
  if (closedThrough === null || Date.parse(effectiveAt) >= Date.parse(closedThrough) + DAY) {
    return undefined;
  }
  return { code: 'PERIOD_CLOSED' };
}

export function isOver(expiresAt: string | null, now: string): boolean {
  return expiresAt !== null && Date.parse(now) >= Date.parse(expiresAt);
}

export function unmet(
  books: Books,
  legs: readonly Leg[],
  conditions: readonly Condition[],
): Refused | undefined {
  const found: string[] = [];
  const check = (at: string, expected: string, seen: string, met: boolean) => {
    if (!met) found.push(`${at} ${expected} ${seen}`);
  };
  const version = (at: string, account: Account, wanted: number | undefined) => {
    if (wanted === undefined) return;
    check(at, String(wanted), String(account.version), account.version === wanted);
  };
  legs.forEach((leg, index) => {
    for (const side of ['debit', 'credit'] as const) {
      const account = accountAt(books, leg[side]);
      if (!account) continue;
      version(`legs[${index}].expectedVersions.${side}`, account, leg.expectedVersions?.[side]);
    }
  });
  conditions.forEach((condition, index) => {
    const account = accountAt(books, condition.account);
    if (!account) return;
    version(`conditions[${index}].version`, account, condition.version);
    const now = standing(books, account);
    for (const sum of ['balance', 'available'] as const) {
      const seen = now[sum];
      const bound = (name: string, text: string | undefined, meets: (units: bigint) => boolean) => {
        const units = text === undefined ? undefined : unitsOf(text, account.currency);
        if (units === undefined) return;
        const { currency } = account;
        const at = `conditions[${index}].${sum}.${name}`;
        check(at, written(units, currency), written(seen, currency), meets(units));
      };
      bound('gte', condition[sum]?.gte, (units) => seen >= units);
      bound('lte', condition[sum]?.lte, (units) => seen <= units);
      bound('eq', condition[sum]?.eq, (units) => seen === units);
    }
  });
  return found.length > 0 ? { code: 'CONDITIONS_NOT_MET', unmet: found } : undefined;
}

/** Which rule of an account is broken by taking the books from the first to the second. */
export function brokenRule(
  before: Books,
  after: Books,
  addresses: readonly string[],
): Refused | undefined {
  for (const [code, breaks] of RULES) {
    const accounts = addresses.filter((address) => {
      const account = accountAt(before, address);
      return account && breaks(account, before, after);
    });
    if (accounts.length > 0) return { code, accounts };
  }
  return undefined;
}

type Rule = (account: Account, before: Books, after: Books) => boolean;

const grows = (side: 'debits' | 'credits'): Rule => {
  return ({ address }, before, after) => {
    const [then, now] = [sumsOf(before, address)[side], sumsOf(after, address)[side]];
    return now.posted > then.posted || now.pending > then.pending;
  };
};
const MOST = 10n ** 36n;

const RULES: readonly (readonly [string, Rule])[] = [
  ['ACCOUNT_CLOSED', ({ status }) => status === 'closed'],
  [
    'ACCOUNT_FROZEN',
    (account, before, after) =>
      (account.freeze !== null && grows('debits')(account, before, after)) ||
      (account.freeze === 'all' && grows('credits')(account, before, after)),
  ],
  [
    'INSUFFICIENT_FUNDS',
    (account, before, after) => {
      const [then, { available }] = [standing(before, account), standing(after, account)];
      const { overdraftLimit } = account;
      return (
        overdraftLimit !== null && available < then.available && available + overdraftLimit < 0n
      );
    },
  ],
  [
    'BALANCE_LIMIT_EXCEEDED',
    (account, before, after) => {
      const [then, { ceiling }] = [standing(before, account), standing(after, account)];
      const { balanceLimit } = account;
      return balanceLimit !== null && ceiling > then.ceiling && ceiling > balanceLimit;
    },
  ],
  [
    'AMOUNT_OVERFLOW',
    ({ address, currency }, _before, after) => {
      const { debits, credits } = sumsOf(after, address);
      const most = MOST * (unitsOf('1', currency) ?? 1n);
      return debits.posted + debits.pending >= most || credits.posted + credits.pending >= most;
    },
  ],
];
