// What a caller wants accounts to be right before a transfer. What is absent or null asks nothing.
import { CONDITIONS_MAX } from '../../domain/ledger/conditions.js';
import {
  type Bounds,
  type Condition,
  type ExpectedVersions,
} from '../../domain/ledger/transfer-events.js';
import { Field, amountText } from '../../platform/http/fields.js';
import { address } from '../../platform/http/ledger-fields.js';
import { listOf, objectOf } from '../../platform/http/request-shape.js';
import { version } from '../request-rules.js';

/** The versions of the two accounts of a leg. */
export class ExpectedVersionsBody {
  @Field(version, { optional: true, example: 4 })
  debit?: number | null;

  @Field(version, { optional: true, example: 7 })
  credit?: number | null;
}

const sum = amountText('100.00');

class BoundsBody {
  @Field(sum, { optional: true, example: '100.00' })
  gte?: string | null;

  @Field(sum, { optional: true, example: '5000.00' })
  lte?: string | null;

  @Field(sum, { optional: true, example: null })
  eq?: string | null;
}

export class ConditionBody {
  @Field(address, { example: 'customers:42:wallet' })
  account!: string;

  @Field(version, { optional: true, example: 7 })
  version?: number | null;

  @Field(objectOf(BoundsBody), { optional: true })
  balance?: BoundsBody | null;

  @Field(objectOf(BoundsBody), { optional: true })
  available?: BoundsBody | null;
}

export const conditions = listOf(ConditionBody, { min: 0, max: CONDITIONS_MAX, of: 'conditions' });

export function conditionsOf(bodies: readonly ConditionBody[] | null | undefined): Condition[] {
  return (bodies ?? []).map((body) => {
    const [balance, available] = [boundsOf(body.balance), boundsOf(body.available)];
    return {
      account: body.account,
      ...(isGiven(body.version) && { version: body.version }),
      ...(balance && { balance }),
      ...(available && { available }),
    };
  });
}

export function expectedVersionsOf(
  body: ExpectedVersionsBody | null | undefined,
): ExpectedVersions | undefined {
  const { debit, credit } = body ?? {};
  if (!isGiven(debit) && !isGiven(credit)) return undefined;
  return { ...(isGiven(debit) && { debit }), ...(isGiven(credit) && { credit }) };
}

function boundsOf(body: BoundsBody | null | undefined): Bounds | undefined {
  const { gte, lte, eq } = body ?? {};
  if (![gte, lte, eq].some(isGiven)) return undefined;
  return {
    ...(isGiven(gte) && { gte }),
    ...(isGiven(lte) && { lte }),
    ...(isGiven(eq) && { eq }),
  };
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
