// Ids that were used before: with the same request, with another one, or after a rejection.
import { type Draws } from '../draws.js';
import { type Memory } from '../memory.js';
import { type LegAsked, type TransferAsked } from '../requests.js';
import { transferUnder } from './transfers.js';

export function repeatedTransfer(draws: Draws, { transfers }: Memory): TransferAsked | undefined {
  return transfers.length === 0 ? undefined : draws.pick(transfers);
}

type Alteration = (transfer: TransferAsked) => TransferAsked;

const ALTERATIONS: readonly Alteration[] = [
  (transfer) => ({ ...transfer, description: 'something else' }),
  (transfer) => ({ ...transfer, reference: 'another-reference' }),
  (transfer) => ({ ...transfer, metadata: { order: 'other', more: 'yes' } }),
  (transfer) => ({ ...transfer, effectiveAt: '2025-12-31T23:59:59.999Z' }),
  (transfer) => ({ ...transfer, legs: transfer.legs.map(withAnotherAmount) }),
  (transfer) => ({ ...transfer, legs: [...transfer.legs, ...transfer.legs] }),
];

function withAnotherAmount(leg: LegAsked): LegAsked {
  return { ...leg, amount: `7${leg.amount}` };
}

export function alteredTransfer(draws: Draws, { transfers }: Memory): TransferAsked | undefined {
  return transfers.length === 0 ? undefined : draws.pick(ALTERATIONS)(draws.pick(transfers));
}

export function correctedTransfer(draws: Draws, memory: Memory): TransferAsked | undefined {
  const { rejected } = memory;
  if (rejected.length === 0) return undefined;
  const { id, idAsKey } = draws.pick(rejected);
  return transferUnder({ id, idAsKey }, draws, memory);
}
