import { BOOKED_ON, EVENT_PLACE, type View, dayOf } from '../engine/read-model.js';

export const refusalView: View = {
  name: 'refusal',
  comment:
    'One row per well-formed request that was turned down for good: a transfer, an act on one, or an ' +
    'atomic batch. Rows never change.',
  key: ['ledger', 'id'],
  columns: {
    ledger: 'Id of the ledger.',
    id: 'Id of the request, as its caller gave it or as it was derived.',
    kind: 'What was asked for: transfer, exchange, reversal, capture, void or batch.',
    transfer_id:
      'The transfer that was to be captured, voided or reversed; null of other requests.',
    code: 'Why, as one of the codes of docs/errors.md: INSUFFICIENT_FUNDS.',
    message: 'Why, in words.',
    evidence: 'What it was decided on: balances and the revision seen, as JSON.',
    items:
      'Of a batch: each transfer that could not be made, as a JSON array of {index, id, refusal}. Null ' +
      'of other requests.',
    revision: EVENT_PLACE.revision,
    recorded_at: 'When it was decided and recorded.',
    position: EVENT_PLACE.position,
    event_id: EVENT_PLACE.event_id,
    effective_at:
      'When it would have counted in the books; null of voids and of batches, whose transfers have times ' +
      'of their own.',
    booked_on: `${BOOKED_ON} Null like it.`,
  },
  select: (schema) => `SELECT *, ${dayOf('effective_at')} AS booked_on FROM ${schema}.refusal`,
};
