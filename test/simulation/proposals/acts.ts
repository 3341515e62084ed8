// Captures, voids and reversals of transfers that somebody made: of all that is left, of a part, or of more
// than there is. The latest transfers are drawn most often, so that several workers meet on one.
import { type Draws } from '../draws.js';
import { type Memory, type Target } from '../memory.js';
import { type Asked, type PartAsked } from '../requests.js';
import { idFor } from './ids.js';

const NOBODY_CHANCE = 0.02;
const SHARES = [
  { weight: 40, how: 'all' },
  { weight: 45, how: 'parts' },
  { weight: 10, how: 'amount' },
  { weight: 5, how: 'unfit' },
] as const;

interface Share {
  readonly amount?: string;
  readonly parts?: readonly PartAsked[];
}

function shareOf({ legs }: Target, draws: Draws): Share {
  const { how } = draws.weighted(SHARES);
  const [only] = legs;
  if (how === 'all' || !only) return {};
  if (how === 'unfit') return { parts: [{ leg: legs.length, amount: '1' }] };
  if (how === 'amount') return { amount: partOf(only.amount, draws) };
  const parts = legs.flatMap(({ amount }, leg) =>
    leg === 0 || draws.chance(0.5) ? [{ leg, amount: partOf(amount, draws) }] : [],
  );
  return { parts };
}

/** Some of an amount, mostly less than half of it, seldom more than it; at least a smallest unit. */
function partOf(amount: string, draws: Draws): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const units = BigInt(amount.replace('.', ''));
  const percent = draws.chance(0.1) ? 100n + BigInt(draws.below(50)) : BigInt(draws.below(70));
  const some = (units * percent) / 100n;
  const digits = String(some > 0n ? some : 1n).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function target(among: readonly Target[], draws: Draws): Target | undefined {
  if (among.length === 0) return undefined;
  if (draws.chance(NOBODY_CHANCE)) return { id: 'nobody', legs: [] };
  return draws.zipf(among.toReversed());
}

export function capture(draws: Draws, memory: Memory): Asked<'capture-transfer'> | undefined {
  const held = target(memory.common.held, draws);
  return (
    held && {
      kind: 'capture-transfer',
      ...idFor(draws, memory),
      transfer: held.id,
      ...shareOf(held, draws),
      ...(draws.chance(0.3) && { final: draws.chance(0.7) }),
      ...(draws.chance(0.1) && { description: 'parcel' }),
      ...(draws.chance(0.1) && { effectiveAt: '2026-03-20T00:00:00Z' }),
    }
  );
}

export function release(draws: Draws, memory: Memory): Asked<'void-transfer'> | undefined {
  const held = target(memory.common.held, draws);
  return (
    held && {
      kind: 'void-transfer',
      ...idFor(draws, memory),
      transfer: held.id,
      ...shareOf(held, draws),
      reason: 'not needed',
    }
  );
}

export function reverse(draws: Draws, memory: Memory): Asked<'reverse-transfer'> | undefined {
  const { posted, held } = memory.common;
  const made = target(draws.chance(0.8) ? posted : held, draws);
  return (
    made && {
      kind: 'reverse-transfer',
      ...idFor(draws, memory),
      transfer: made.id,
      ...shareOf(made, draws),
      reason: 'returned',
      ...(draws.chance(0.2) && { metadata: { return: 'yes' } }),
    }
  );
}
