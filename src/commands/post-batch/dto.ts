import { BATCH_TRANSFERS_MAX } from '../../domain/ledger/post-batch.js';
import { Field, trueOrFalse } from '../../platform/http/fields.js';
import { listOf } from '../../platform/http/request-shape.js';
import { PostTransferBody } from '../post-transfer/dto.js';
import { transferId } from '../request-rules.js';

export class PostBatchBody {
  /** Whether all of the transfers happen or none; otherwise each is decided for itself. */
  @Field(trueOrFalse, { example: true })
  atomic!: boolean;

  /** Of an atomic batch alone. */
  @Field(transferId, { optional: true, example: 'payroll-2026-01' })
  id?: string | null;

  @Field(listOf(PostTransferBody, { min: 1, max: BATCH_TRANSFERS_MAX, of: 'transfers' }))
  transfers!: PostTransferBody[];
}
