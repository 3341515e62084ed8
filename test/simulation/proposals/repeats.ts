// Ids that were used before: with the same request, with another one, or after a rejection.
import { type Draws } from '../draws.js';
import { type IdentifiedRequest, type Memory } from '../memory.js';
import { type LegAsked, type TransferAsked } from '../requests.js';
import { without } from '../without.js';
import { newTransfer, transferUnder } from './transfers.js';

/** After a dry run, that is in earnest for the first time. */
export function repeated(draws: Draws, { decided }: Memory): IdentifiedRequest | undefined {
  return decided.length === 0 ? undefined : inEarnest(draws.pick(decided));
}

function inEarnest(request: IdentifiedRequest): IdentifiedRequest {
  return request.kind === 'post-transfer' ? without(request, 'dryRun') : request;
}

type Alteration = (transfer: TransferAsked) => TransferAsked;

const ALTERATIONS: readonly Alteration[] = [
  (transfer) => ({ ...transfer, description: 'something else' }),
  (transfer) => ({ ...transfer, reference: 'another-reference' }),
  (transfer) => ({ ...transfer, metadata: { order: 'other', more: 'yes' } }),
  (transfer) => ({ ...transfer, effectiveAt: '2025-12-31T23:59:59.999Z' }),
  (transfer) => ({ ...transfer, legs: transfer.legs.map(withAnotherAmount) }),
  (transfer) => ({ ...transfer, legs: [...transfer.legs, ...transfer.legs] }),
  (transfer) => ({ ...transfer, pending: { expiresAt: '2031-01-01T00:00:00Z' } }),
  (transfer) => ({ ...transfer, conditions: [{ account: 'world:EUR', version: 1 }] }),
];

function withAnotherAmount(leg: LegAsked): LegAsked {
  return { ...leg, amount: `7${leg.amount}` };
}

/** Something else under an id that is taken. */
export function altered(draws: Draws, memory: Memory): IdentifiedRequest | undefined {
  const request = repeated(draws, memory);
  switch (request?.kind) {
    case undefined:
      return undefined;
    case 'post-transfer':
      return draws.pick(ALTERATIONS)(request);
    case 'capture-transfer':
      return draws.pick([
        { ...request, final: request.final !== true },
        { ...request, description: 'something else' },
        { ...newTransfer(draws, memory), id: request.id, idAsKey: request.idAsKey },
      ]);
    case 'post-batch':
      return draws.pick([
        { ...request, transfers: [...request.transfers, newTransferInBody(draws, memory)] },
        { ...request, transfers: request.transfers.map(draws.pick(ALTERATIONS)) },
      ]);
    case 'exchange-money':
      return draws.pick([
        { ...request, rate: `1${request.rate}` },
        { ...request, description: 'something else' },
      ]);
    case 'void-transfer':
    case 'reverse-transfer':
      return draws.pick([
        { ...request, reason: 'something else' },
        { ...request, parts: [{ leg: 0, amount: '1' }] },
      ]);
  }
}

function newTransferInBody(draws: Draws, memory: Memory): TransferAsked {
  return { ...newTransfer(draws, memory), idAsKey: false };
}

export function corrected(draws: Draws, memory: Memory): TransferAsked | undefined {
  const { rejected } = memory;
  if (rejected.length === 0) return undefined;
  const { id, idAsKey } = draws.pick(rejected);
  return transferUnder({ id, idAsKey }, draws, memory);
}
