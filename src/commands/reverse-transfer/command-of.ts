import { type ReverseTransfer } from '../../domain/ledger/reverse-transfer.js';
import { utcNow } from '../../platform/clock.js';
import { utcOf } from '../../platform/http/instant.js';
import { shareOf } from '../parts.js';
import { type ReverseTransferBody } from './dto.js';

/** What a request asks of the ledger. `id` is that of the reversal, which is a transfer. */
export function reverseTransferOf(
  ids: { readonly id: string; readonly transfer: string },
  body: ReverseTransferBody,
): ReverseTransfer {
  return {
    type: 'ReverseTransfer',
    id: ids.id,
    transfer: ids.transfer,
    ...shareOf(body),
    reason: body.reason,
    effectiveAt: utcOf(body.effectiveAt) ?? null,
    description: body.description ?? null,
    metadata: body.metadata ?? {},
    now: utcNow(),
  };
}
