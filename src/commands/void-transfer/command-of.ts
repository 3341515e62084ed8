import { type VoidTransfer } from '../../domain/ledger/void-transfer.js';
import { utcNow } from '../../platform/clock.js';
import { shareOf } from '../parts.js';
import { type VoidTransferBody } from './dto.js';

/** What a request asks of the ledger. `id` is that of the void. */
export function voidTransferOf(
  ids: { readonly id: string; readonly transfer: string },
  body: VoidTransferBody,
): VoidTransfer {
  return {
    type: 'VoidTransfer',
    id: ids.id,
    transfer: ids.transfer,
    ...shareOf(body),
    reason: body.reason,
    now: utcNow(),
  };
}
