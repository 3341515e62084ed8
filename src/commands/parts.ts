// How much of a transfer an act takes: all that is left, an amount of its only leg, or parts of its legs.
import { type Part } from '../domain/ledger/transfer-events.js';
import { LEGS_MAX } from '../domain/ledger/transfer-request.js';
import { Field, wholeNumber } from '../platform/http/fields.js';
import { listOf } from '../platform/http/request-shape.js';
import { amount } from './request-rules.js';

const leg = wholeNumber({ min: 0, max: LEGS_MAX - 1, of: 'which leg of the transfer' });

export class PartBody {
  @Field(leg, { example: 0 })
  leg!: number;

  @Field(amount)
  amount!: string;
}

export const parts = listOf(PartBody, { min: 1, max: LEGS_MAX, of: 'parts' });

/** As a body may have them; both absent is all that is left. */
interface Share {
  readonly amount?: string | null;
  readonly parts?: readonly PartBody[] | null;
}

export function shareOf(body: Share): { amount: string | null; parts: readonly Part[] | null } {
  return {
    amount: body.amount ?? null,
    parts: body.parts?.map((part) => ({ leg: part.leg, amount: part.amount })) ?? null,
  };
}
