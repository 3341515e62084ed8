import {
  DESCRIPTION_LENGTH_MAX,
  LEGS_MAX,
  REFERENCE_LENGTH_MAX,
  TRANSFER_ID_EXPECTED,
  TRANSFER_ID_PATTERN,
} from '../../domain/ledger/transfer-request.js';
import { Field, amountText, text } from '../../platform/http/fields.js';
import { dateTime } from '../../platform/http/instant.js';
import { address } from '../../platform/http/ledger-fields.js';
import { listOf } from '../../platform/http/request-shape.js';
import { currency, metadata } from '../request-rules.js';

const TRANSFER_ID_LENGTH_MAX = 64;
const id = text({
  lengthMax: TRANSFER_ID_LENGTH_MAX,
  pattern: TRANSFER_ID_PATTERN,
  expected: TRANSFER_ID_EXPECTED,
});
const amount = amountText('12.50');

export class LegBody {
  @Field(address, { example: 'world' })
  debit!: string;

  @Field(address, { example: 'customers:42:wallet' })
  credit!: string;

  @Field(amount)
  amount!: string;

  @Field(currency, { example: 'EUR' })
  currency!: string;
}

/** One leg as fields of its own, or several as `legs`. */
export class PostTransferBody {
  @Field(id, { optional: true, example: 'invoice-2026-0042' })
  id?: string | null;

  @Field(address, { optional: true, example: 'world' })
  debit?: string | null;

  @Field(address, { optional: true, example: 'customers:42:wallet' })
  credit?: string | null;

  @Field(amount, { optional: true })
  amount?: string | null;

  @Field(currency, { optional: true, example: 'EUR' })
  currency?: string | null;

  @Field(listOf(LegBody, { min: 1, max: LEGS_MAX, of: 'legs' }), { optional: true })
  legs?: LegBody[] | null;

  @Field(dateTime, { optional: true, example: '2026-01-15T09:30:00Z' })
  effectiveAt?: string | null;

  @Field(text({ lengthMax: REFERENCE_LENGTH_MAX }), { optional: true, example: 'INV-2026-0042' })
  reference?: string | null;

  @Field(text({ lengthMax: DESCRIPTION_LENGTH_MAX }), { optional: true, example: 'January' })
  description?: string | null;

  @Field(metadata, { optional: true, example: { order: '4711' } })
  metadata?: Record<string, string> | null;
}
