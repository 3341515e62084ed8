import { type CaptureTransfer } from '../../domain/ledger/capture-transfer.js';
import { utcNow } from '../../platform/clock.js';
import { utcOf } from '../../platform/http/instant.js';
import { shareOf } from '../parts.js';
import { type CaptureTransferBody } from './dto.js';

/** What a request asks of the ledger. `id` is that of the capture. */
export function captureTransferOf(
  ids: { readonly id: string; readonly transfer: string },
  body: CaptureTransferBody,
): CaptureTransfer {
  return {
    type: 'CaptureTransfer',
    id: ids.id,
    transfer: ids.transfer,
    ...shareOf(body),
    final: body.final ?? false,
    effectiveAt: utcOf(body.effectiveAt) ?? null,
    description: body.description ?? null,
    metadata: body.metadata ?? {},
    now: utcNow(),
  };
}
