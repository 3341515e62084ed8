import { ACCOUNT_TYPES, type AccountType } from '../../domain/ledger/events.js';
import { Field, amountText, choice } from '../../platform/http/fields.js';
import { address } from '../../platform/http/ledger-fields.js';
import { currency, metadata } from '../request-rules.js';

export class OpenAccountBody {
  @Field(address, { example: 'customers:42:wallet' })
  address!: string;

  @Field(choice(ACCOUNT_TYPES), { example: 'liability' })
  type!: AccountType;

  @Field(currency, { example: 'EUR' })
  currency!: string;

  /** Absent is "0", null is without limit. */
  @Field(amountText('0'), { optional: true, example: '0' })
  overdraftLimit?: string | null;

  @Field(amountText('10000'), { optional: true, example: null })
  balanceLimit?: string | null;

  @Field(metadata, { optional: true, example: { customer: '42' } })
  metadata?: Record<string, string> | null;
}
