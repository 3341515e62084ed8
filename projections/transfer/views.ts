import { BOOKED_ON, EVENT_PLACE, type View, dayOf } from '../engine/read-model.js';

const TOTALS =
  'for each leg in its order, what is held, posted and reversed, as a JSON array of {held, posted, ' +
  'reversed} in units of the currency';
const SHARES = 'a JSON array of {leg, debit, credit, amount, currency}';

export const transferView: View = {
  name: 'transfer',
  comment:
    'One row per transfer that was decided, alone or in an atomic batch, refused ones included. What it ' +
    'moved is in entry, what was done to it later in transfer_act.',
  key: ['ledger', 'id'],
  columns: {
    ledger: 'Id of the ledger.',
    id: 'Id of the transfer, as its caller gave it or as it was derived.',
    state: 'As it is now: posted, pending, voided, expired or refused.',
    legs: 'What was asked to move: a JSON array of {debit, credit, amount, currency}.',
    effective_at:
      'When it counts in the books; of a pending one, its captures have times of their own.',
    recorded_at: 'When it was decided and recorded.',
    revision: `${EVENT_PLACE.revision} Of the event that decided it.`,
    reference: "The caller's own reference; null when there is none.",
    description: 'What the caller wrote about it; null when nothing was.',
    metadata: 'What the caller noted: a JSON object of texts.',
    refusal: 'Why it was refused: {code, message, evidence} as JSON. Null unless it was.',
    position: `${EVENT_PLACE.position} Of the event that decided it.`,
    event_id: `${EVENT_PLACE.event_id} Of the event that decided it.`,
    totals: `As it is now: ${TOTALS}.`,
    batch_id: 'The atomic batch that it was made in; null when it was made alone.',
    batch_index: 'Its place in the batch, counted from 0; 0 without a batch too.',
    conditions:
      'What the caller wanted accounts to be right before it, as JSON; null when nothing.',
    pending:
      'Of a transfer that was to be captured later, even if it has been since: {expiresAt} as JSON. ' +
      'Null of any other.',
    expires_at:
      'From when on it can no longer be captured; null is never, or that it was not pending.',
    reverses:
      'Of a reversal: {transfer, parts, legs, reason} as JSON, legs being the number of the leg that each ' +
      'of its own turns back. Null of any other.',
    exchange:
      'Of an exchange: accounts, both amounts, rate, source and rounding, as JSON. Null of any other.',
    state_position: `${EVENT_PLACE.position} Of the event that last changed its state or totals.`,
    booked_on: BOOKED_ON,
    kind: 'transfer, exchange or reversal.',
    reverses_id: 'Of a reversal: the transfer that it turns back. Null of any other.',
    refusal_code:
      'Of a refused one: why, as one of the codes of docs/errors.md. Null of any other.',
  },
  select: (schema) => `SELECT *, ${dayOf('effective_at')} AS booked_on,
      CASE WHEN exchange IS NOT NULL THEN 'exchange' WHEN reverses IS NOT NULL THEN 'reversal'
        ELSE 'transfer' END AS kind,
      reverses ->> 'transfer' AS reverses_id, refusal ->> 'code' AS refusal_code
    FROM ${schema}.transfer`,
};

export const transferAccountView: View = {
  name: 'transfer_account',
  comment:
    'Which accounts a transfer names, whatever became of it: finds the transfers of an account in the ' +
    'order of recording. Join transfer by ledger, revision and batch_index.',
  key: ['ledger', 'account', 'revision', 'batch_index'],
  columns: {
    ledger: 'Id of the ledger.',
    account: 'Address of an account that one of its legs debits or credits, or was meant to.',
    revision: `${EVENT_PLACE.revision} Of the event that decided the transfer.`,
    batch_index: 'Place of the transfer in its batch, counted from 0; 0 without a batch too.',
  },
  select: (schema) => `SELECT * FROM ${schema}.transfer_account`,
};

export const transferActView: View = {
  name: 'transfer_act',
  comment:
    'One row per act on a transfer after it was decided: a capture, void or expiry of a pending one, a ' +
    'reversal of a posted one. Rows never change.',
  key: ['ledger', 'transfer_id', 'revision'],
  columns: {
    ledger: 'Id of the ledger.',
    transfer_id: 'The transfer that it was done to.',
    id: 'Id of the act; of a reversal, that of the transfer that reverses. Null of an expiry.',
    kind: 'capture, void, expiry or reversal.',
    legs: `What moved: ${SHARES}; empty when nothing did.`,
    released: `What was held and is free again without having moved: ${SHARES}; empty when nothing is.`,
    is_final: 'Of a capture: whether it released what it did not take. Null of other acts.',
    reason: 'Why, in the words of the caller: of voids and reversals. Null of other acts.',
    effective_at: 'When it counts in the books; null when nothing moved.',
    recorded_at: 'When it was recorded.',
    description: 'What the caller wrote about it; null when nothing was.',
    metadata: 'What the caller noted: a JSON object of texts; null of voids and expiries.',
    totals: `Right after the act: ${TOTALS}.`,
    revision: EVENT_PLACE.revision,
    position: EVENT_PLACE.position,
    event_id: EVENT_PLACE.event_id,
    booked_on: `${BOOKED_ON} Null like it.`,
  },
  select: (schema) => `SELECT *, ${dayOf('effective_at')} AS booked_on FROM ${schema}.transfer_act`,
};
