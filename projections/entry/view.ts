import { growsByDebits } from '../engine/normal-side.js';
import { BOOKED_ON, EVENT_PLACE, type View, dayOf, inMinorUnits } from '../engine/read-model.js';

export const entryView: View = {
  name: 'entry',
  comment:
    'The journal: one row per leg and side of what was posted, so that each leg is one debit and one ' +
    'credit of the same amount. Rows never change; in the order of the key they were recorded.',
  key: ['ledger', 'account', 'revision', 'batch_index', 'leg'],
  columns: {
    ledger: 'Id of the ledger.',
    account: 'Address of the account that was debited or credited.',
    revision: EVENT_PLACE.revision,
    leg: 'Number of the leg in its transfer, counted from 0.',
    side: 'debit or credit.',
    transfer_id: 'The transfer that the leg is of; of a capture, the one that was pending.',
    amount: 'What was debited or credited, in units of the currency; always above 0.',
    currency: 'Currency of the amount, which is that of the account.',
    balance:
      "Of the account right after this entry, in the order of recording: on the account's normal side, " +
      'in units of the currency.',
    counterparty: 'Address of the account on the other side of the leg.',
    effective_at: 'When it counts in the books.',
    recorded_at: 'When it was recorded; later than effective_at when it was back-dated.',
    description: 'What the caller wrote about it; null when nothing was.',
    position: EVENT_PLACE.position,
    event_id: EVENT_PLACE.event_id,
    batch_index:
      'Place of the transfer in its atomic batch, counted from 0; 0 without a batch too.',
    booked_on: BOOKED_ON,
    amount_minor: 'amount in minor units, a whole number: cents for EUR.',
    balance_minor: 'balance in minor units, a whole number.',
    debit: 'amount when side is debit, otherwise 0.',
    credit: 'amount when side is credit, otherwise 0.',
    account_type: 'Type of the account: asset, liability, equity, income or expense.',
    change:
      'By how much the entry changed the balance of the account: amount when side is the normal side of ' +
      'the account, otherwise amount with a minus.',
  },
  select: (schema) => `SELECT *, ${dayOf('effective_at')} AS booked_on,
      ${inMinorUnits('amount', 'scale(amount)')} AS amount_minor,
      ${inMinorUnits('balance', 'scale(balance)')} AS balance_minor,
      CASE side WHEN 'debit' THEN amount ELSE 0 END AS debit,
      CASE side WHEN 'credit' THEN amount ELSE 0 END AS credit,
      CASE WHEN (side = 'debit') = (${growsByDebits('account_type')}) THEN amount
        ELSE -amount END AS change
    FROM ${schema}.entry`,
};
