// Opening accounts, and what becomes of them. The bank's own accounts are changed and frozen like any
// other; only what a worker opened itself is closed, or soon nothing would be left to trade with.
import { ADDRESSES, CURRENCIES } from '../customers.js';
import { type Draws } from '../draws.js';
import { type Memory } from '../memory.js';
import { type Asked } from '../requests.js';

const OWN_ACCOUNT_CHANCE = 0.3;
const IF_MATCH_CHANCE = 0.5;
const OVERDRAFT_LIMITS = ['0', '10', '50.0', '250', null];
const BALANCE_LIMITS = ['1000', '5000', '25000', null, null];

function anyAddress(draws: Draws, { accounts }: Memory): string {
  const own = accounts.length > 0 && draws.chance(OWN_ACCOUNT_CHANCE);
  return own ? draws.pick(accounts).address : draws.zipf(ADDRESSES[draws.zipf(CURRENCIES).code]);
}

export function newAccount(draws: Draws, memory: Memory): Asked<'open-account'> {
  return {
    kind: 'open-account',
    address: `own:${memory.fresh()}`,
    type: draws.pick(['liability', 'asset', 'income', 'expense']),
    currency: draws.zipf(CURRENCIES).code,
    overdraftLimit: draws.pick(OVERDRAFT_LIMITS.map(wholeUnits)),
    balanceLimit: draws.pick(BALANCE_LIMITS),
    metadata: draws.chance(0.3) ? { opened: 'during the run' } : {},
  };
}

// Every currency takes them, those without decimals as well.
function wholeUnits(limit: string | null): string | null {
  return limit === null ? null : limit.replace(/\..*$/, '');
}

/** An account that is there, opened again: sometimes in the same way, mostly differently. */
export function accountOpenedBefore(
  draws: Draws,
  memory: Memory,
): Asked<'open-account'> | undefined {
  if (memory.accounts.length === 0) return undefined;
  const { address, currency } = draws.pick(memory.accounts);
  return { ...newAccount(draws, memory), address, currency };
}

export function change(draws: Draws, memory: Memory): Asked<'change-account'> {
  const address = anyAddress(draws, memory);
  const version = memory.versions.get(address);
  return {
    kind: 'change-account',
    address,
    ...(version !== undefined && draws.chance(IF_MATCH_CHANCE) && { version }),
    ...(draws.chance(0.6) && { overdraftLimit: draws.pick(OVERDRAFT_LIMITS) }),
    ...(draws.chance(0.4) && { balanceLimit: draws.pick(BALANCE_LIMITS) }),
    ...(draws.chance(0.2) && { metadata: { tier: draws.pick(['gold', 'silver']) } }),
  };
}

export function freeze(draws: Draws, memory: Memory): Asked<'freeze-account'> {
  return {
    kind: 'freeze-account',
    address: anyAddress(draws, memory),
    freeze: draws.pick(['debits', 'all'] as const),
    reason: 'drawn by lot',
  };
}

export function unfreeze(draws: Draws, memory: Memory): Asked<'unfreeze-account'> {
  return { kind: 'unfreeze-account', address: anyAddress(draws, memory), reason: 'cleared' };
}

export function close(draws: Draws, { accounts }: Memory): Asked<'close-account'> | undefined {
  if (accounts.length === 0) return undefined;
  return { kind: 'close-account', address: draws.pick(accounts).address, reason: 'not needed' };
}

export function read(draws: Draws, memory: Memory): Asked<'read-account'> {
  return { kind: 'read-account', address: anyAddress(draws, memory) };
}
