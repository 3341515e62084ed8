// The rules of the accounts one by one. post-transfer, account-life and capture-transfer have specs of
// what they come to; which refusal wins is in decide-request.unit.spec.ts.
import { fold } from '../../../test/support/given-when-then.js';
import { BOOKS } from '../../../test/support/transfer-factories.js';
import { REFUSAL_CODES } from '../errors.js';
import { type Account } from './account.js';
import { BALANCE_RULES, BROKEN } from './balance-rules.js';

const wallet = fold(BOOKS).accounts.get('wallet');
if (!wallet) throw new Error('the books have no wallet');

const NOTHING = { debits: 0n, credits: 0n };
const account = (change: Partial<Account>): Account => ({
  ...wallet,
  posted: NOTHING,
  pending: NOTHING,
  ...change,
});
/** The rules broken by taking an account from the first to the second. */
const broken = (before: Account, after: Partial<Account>) =>
  BALANCE_RULES.filter((rule) => BROKEN[rule](before, { ...before, ...after }));

const credits = (units: bigint) => ({ debits: 0n, credits: units });
const debits = (units: bigint) => ({ debits: units, credits: 0n });

it('the rules of the accounts are refusals, in their order', () => {
  expect(REFUSAL_CODES.filter((code) => BALANCE_RULES.some((rule) => rule === code))).toEqual([
    ...BALANCE_RULES,
  ]);
});

describe('a frozen account', () => {
  it.each([
    ['debits', 'a debit posted', { posted: debits(1n) }, true],
    ['debits', 'a debit held', { pending: debits(1n) }, true],
    ['debits', 'a credit posted', { posted: credits(1n) }, false],
    ['debits', 'a credit held', { pending: credits(1n) }, false],
    ['all', 'a debit held', { pending: debits(1n) }, true],
    ['all', 'a credit posted', { posted: credits(1n) }, true],
    ['all', 'a credit held', { pending: credits(1n) }, true],
  ] as const)('for %s: %s', (freeze, _what, after, refused) => {
    expect(broken(account({ freeze, overdraftLimit: null }), after)).toEqual(
      refused ? ['ACCOUNT_FROZEN'] : [],
    );
  });

  it('lets go of what it holds', () => {
    const pending = { debits: 5n, credits: 5n };
    const frozen = account({ freeze: 'all', pending, overdraftLimit: null });
    expect(broken(frozen, { pending: NOTHING })).toEqual([]);
  });
});

describe('the limits', () => {
  it('count what is held on both sides, to the smallest unit', () => {
    const limited = account({ overdraftLimit: 10n, balanceLimit: 10n });
    expect(broken(limited, { pending: { debits: 10n, credits: 10n } })).toEqual([]);
    expect(broken(limited, { pending: { debits: 11n, credits: 11n } })).toEqual([
      'INSUFFICIENT_FUNDS',
      'BALANCE_LIMIT_EXCEEDED',
    ]);
    expect(broken(limited, { posted: debits(5n), pending: debits(6n) })).toEqual([
      'INSUFFICIENT_FUNDS',
    ]);
    expect(broken(limited, { posted: credits(5n), pending: credits(6n) })).toEqual([
      'BALANCE_LIMIT_EXCEEDED',
    ]);
  });

  it('count only against the direction of the movement', () => {
    const beyond = account({ posted: debits(20n), overdraftLimit: 10n });
    expect(broken(beyond, { posted: debits(19n) })).toEqual([]);
    expect(broken(beyond, { posted: debits(21n) })).toEqual(['INSUFFICIENT_FUNDS']);
    const above = account({ posted: credits(20n), balanceLimit: 10n });
    expect(broken(above, { posted: credits(19n) })).toEqual([]);
    expect(broken(above, { posted: credits(21n) })).toEqual(['BALANCE_LIMIT_EXCEEDED']);
  });

  it('of an asset stand on the other side', () => {
    const asset = account({ type: 'asset', overdraftLimit: 0n, balanceLimit: 10n });
    expect(broken(asset, { pending: credits(1n) })).toEqual(['INSUFFICIENT_FUNDS']);
    expect(broken(asset, { pending: debits(11n) })).toEqual(['BALANCE_LIMIT_EXCEEDED']);
  });
});

it('sums overflow with what is held', () => {
  const half = 5n * 10n ** 37n;
  const unlimited = account({ overdraftLimit: null });
  expect(broken(unlimited, { posted: credits(half), pending: credits(half - 1n) })).toEqual([]);
  expect(broken(unlimited, { posted: credits(half), pending: credits(half) })).toEqual([
    'AMOUNT_OVERFLOW',
  ]);
  expect(broken(unlimited, { posted: debits(half), pending: debits(half) })).toEqual([
    'AMOUNT_OVERFLOW',
  ]);
});
