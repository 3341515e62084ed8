import { Field } from '../../platform/http/fields.js';
import { AsOfQuery, type Times } from '../as-of.js';
import { currency } from '../rules.js';

export class TrialBalanceParameters extends AsOfQuery {
  @Field(currency, { optional: true })
  currency?: string;
}

/** Sums of everything posted, in units of the currency. */
export interface Totals {
  readonly accounts: number;
  readonly debits: string;
  readonly credits: string;
  /** Debits less credits. */
  readonly difference: string;
}

export interface CurrencyTotals extends Totals {
  readonly currency: string;
  /** Whether debits equal credits, as they must. */
  readonly agrees: boolean;
  readonly types: readonly (Totals & { readonly type: string })[];
}

export interface TrialBalanceAnswer extends Times {
  /** Whether every currency agrees. */
  readonly agrees: boolean;
  readonly currencies: readonly CurrencyTotals[];
}
