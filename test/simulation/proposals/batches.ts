// Transfers that are sent together: all or none, or each for itself. Some name an id that was used before.
import { type Draws } from '../draws.js';
import { type Memory } from '../memory.js';
import { type Asked, type TransferAsked } from '../requests.js';
import { idFor } from './ids.js';
import { newTransfer, pendingTransfer } from './transfers.js';

const MOST = { batch: 4, each: 12 };
const AGAIN_CHANCE = 0.02;

export function batch(draws: Draws, memory: Memory): Asked<'post-batch'> {
  return {
    kind: 'post-batch',
    ...idFor(draws, memory),
    transfers: items(MOST.batch, draws, memory),
  };
}

export function each(draws: Draws, memory: Memory): Asked<'post-each'> {
  return { kind: 'post-each', transfers: items(MOST.each, draws, memory) };
}

function items(most: number, draws: Draws, memory: Memory): TransferAsked[] {
  const earlier = memory.decided.flatMap((request) =>
    request.kind === 'post-transfer' && !request.idAsKey && !request.dryRun ? [request] : [],
  );
  const transfers = Array.from({ length: 1 + draws.below(most) }, () => {
    if (earlier.length > 0 && draws.chance(AGAIN_CHANCE)) return draws.pick(earlier);
    const transfer = draws.chance(0.2)
      ? pendingTransfer(draws, memory)
      : newTransfer(draws, memory);
    return { ...transfer, idAsKey: false };
  });
  return [...new Map(transfers.map((transfer) => [transfer.id, transfer])).values()];
}
