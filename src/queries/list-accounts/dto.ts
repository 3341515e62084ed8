import { ACCOUNT_STATUSES, ADDRESS_LENGTH_MAX } from '../../domain/ledger/account.js';
import { ACCOUNT_TYPES } from '../../domain/ledger/events.js';
import { Field, choice, text } from '../../platform/http/fields.js';
import { ReflectingPageQuery } from '../reflecting-query.js';
import { currency, decimal, metadataFilter } from '../rules.js';

const prefix = text({
  lengthMax: ADDRESS_LENGTH_MAX,
  pattern: /^[A-Za-z0-9_:-]+$/,
  expected: 'the beginning of an address, such as "customers:"',
});

export class ListAccountsParameters extends ReflectingPageQuery {
  @Field(prefix, { optional: true })
  prefix?: string;

  @Field(choice(ACCOUNT_TYPES), { optional: true })
  type?: string;

  @Field(currency, { optional: true })
  currency?: string;

  @Field(choice(ACCOUNT_STATUSES), { optional: true })
  status?: string;

  /** At least this balance; only with `currency`. */
  @Field(decimal, { optional: true })
  minBalance?: string;

  /** At most this balance; only with `currency`. */
  @Field(decimal, { optional: true })
  maxBalance?: string;

  @Field(metadataFilter, { optional: true })
  metadata?: Record<string, string>;
}
