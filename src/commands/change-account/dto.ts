import { FREEZES, type Freeze } from '../../domain/ledger/events.js';
import { Field, amountText, choice } from '../../platform/http/fields.js';
import { metadata, reason } from '../request-rules.js';

export class ChangeAccountBody {
  /** Absent leaves it, null is without limit. */
  @Field(amountText('100'), { optional: true, example: '100' })
  overdraftLimit?: string | null;

  @Field(amountText('10000'), { optional: true, example: null })
  balanceLimit?: string | null;

  /** Replaces all there is; null is none. */
  @Field(metadata, { optional: true, example: { customer: '42', tier: 'gold' } })
  metadata?: Record<string, string> | null;
}

export class ReasonBody {
  @Field(reason, { example: 'Asked for by the customer' })
  reason!: string;
}

export class FreezeBody extends ReasonBody {
  /** Absent is `all`. */
  @Field(choice(FREEZES), { optional: true, example: 'debits' })
  freeze?: Freeze | null;
}
