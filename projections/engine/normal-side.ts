// The normal side of an account, which is the domain's to tell, in SQL.
import { ACCOUNT_TYPES, normalSide } from '../../src/domain/ledger/events.js';

const GROWING_BY_DEBITS = ACCOUNT_TYPES.filter((type) => normalSide(type) === 'debit')
  .map((type) => `'${type}'`)
  .join(', ');

/** SQL: whether debits make the balance of an account of this type grow. */
export function growsByDebits(type: string): string {
  return `${type} IN (${GROWING_BY_DEBITS})`;
}

/** SQL: the factor that brings debits less credits to the normal side of an account of this type. */
export function signOf(type: string): string {
  return `CASE WHEN ${growsByDebits(type)} THEN 1 ELSE -1 END`;
}
