import { LEGS_MAX } from '../../domain/ledger/transfer-request.js';
import { Field } from '../../platform/http/fields.js';
import { dateTime } from '../../platform/http/instant.js';
import { address } from '../../platform/http/ledger-fields.js';
import { listOf, objectOf } from '../../platform/http/request-shape.js';
import {
  amount,
  currency,
  description,
  metadata,
  reference,
  transferId,
} from '../request-rules.js';
import { type ConditionBody, ExpectedVersionsBody, conditions } from './conditions.js';
import { PendingBody } from './pending.js';

export class LegBody {
  @Field(address, { example: 'world' })
  debit!: string;

  @Field(address, { example: 'customers:42:wallet' })
  credit!: string;

  @Field(amount)
  amount!: string;

  @Field(currency, { example: 'EUR' })
  currency!: string;

  @Field(objectOf(ExpectedVersionsBody), { optional: true })
  expectedVersions?: ExpectedVersionsBody | null;
}

/** One leg as fields of its own, or several as `legs`. */
export class PostTransferBody {
  @Field(transferId, { optional: true, example: 'invoice-2026-0042' })
  id?: string | null;

  @Field(address, { optional: true, example: 'world' })
  debit?: string | null;

  @Field(address, { optional: true, example: 'customers:42:wallet' })
  credit?: string | null;

  @Field(amount, { optional: true })
  amount?: string | null;

  @Field(currency, { optional: true, example: 'EUR' })
  currency?: string | null;

  @Field(objectOf(ExpectedVersionsBody), { optional: true })
  expectedVersions?: ExpectedVersionsBody | null;

  @Field(listOf(LegBody, { min: 1, max: LEGS_MAX, of: 'legs' }), { optional: true })
  legs?: LegBody[] | null;

  @Field(dateTime, { optional: true, example: '2026-01-15T09:30:00Z' })
  effectiveAt?: string | null;

  @Field(reference, { optional: true, example: 'INV-2026-0042' })
  reference?: string | null;

  @Field(description, { optional: true, example: 'January' })
  description?: string | null;

  @Field(metadata, { optional: true, example: { order: '4711' } })
  metadata?: Record<string, string> | null;

  /** Held until it is captured, voided or over; absent is posted at once. */
  @Field(objectOf(PendingBody), { optional: true })
  pending?: PendingBody | null;

  @Field(conditions, { optional: true })
  conditions?: ConditionBody[] | null;
}
