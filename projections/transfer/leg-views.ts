// What a transfer keeps as JSON, as rows and columns to add up.
import { BOOKED_ON, EVENT_PLACE, type View, dayOf } from '../engine/read-model.js';

const WHEN_AND_WHERE = {
  effective_at: 'When the transfer counts in the books; its captures have times of their own.',
  recorded_at: 'When the transfer was decided and recorded.',
  booked_on: BOOKED_ON,
  revision: `${EVENT_PLACE.revision} Of the event that decided the transfer.`,
  position: `${EVENT_PLACE.position} Of the event that decided the transfer.`,
  event_id: `${EVENT_PLACE.event_id} Of the event that decided the transfer.`,
} as const;
const STATE = 'Of the transfer, as it is now: posted, pending, voided, expired or refused.';

export const transferLegView: View = {
  name: 'transfer_leg',
  comment:
    'One row per leg of every transfer that was decided, refused ones included: what was asked to move, ' +
    'and what became of it. What did move, and when, is in entry.',
  key: ['ledger', 'transfer_id', 'leg'],
  columns: {
    ledger: 'Id of the ledger.',
    transfer_id: 'The transfer.',
    leg: 'Number of the leg in the transfer, counted from 0.',
    state: STATE,
    debit_account: 'Address of the account to debit.',
    credit_account: 'Address of the account to credit.',
    currency: 'Currency of the amounts.',
    amount: 'What was asked to move, in units of the currency; above 0.',
    amount_minor: 'amount in minor units, a whole number: cents for EUR.',
    held: 'How much of it is held now, to be captured; in units of the currency.',
    posted: 'How much of it was posted, reversed or not; in units of the currency.',
    reversed: 'How much of what was posted was reversed since; in units of the currency.',
    ...WHEN_AND_WHERE,
  },
  select: (schema) => `SELECT *, id AS transfer_id, number - 1 AS leg,
      asked ->> 'debit' AS debit_account, asked ->> 'credit' AS credit_account,
      asked ->> 'currency' AS currency, (asked ->> 'amount')::numeric AS amount,
      replace(asked ->> 'amount', '.', '')::numeric AS amount_minor,
      (became ->> 'held')::numeric AS held,
      (became ->> 'posted')::numeric AS posted,
      (became ->> 'reversed')::numeric AS reversed,
      ${dayOf('effective_at')} AS booked_on
    FROM ${schema}.transfer, ROWS FROM (jsonb_array_elements(legs), jsonb_array_elements(totals))
      WITH ORDINALITY AS part (asked, became, number)`,
};

export const exchangeView: View = {
  name: 'exchange',
  comment: 'One row per exchange between two currencies, refused ones included.',
  key: ['ledger', 'transfer_id'],
  columns: {
    ledger: 'Id of the ledger.',
    transfer_id: 'The transfer that the exchange is.',
    state: STATE,
    from_account: 'Address of the account that pays.',
    to_account: 'Address of the account that gets.',
    sell_via: 'Address of the liquidity account that takes what is sold.',
    buy_via: 'Address of the liquidity account that gives what is bought.',
    sold_currency: 'Currency that is sold.',
    sold: 'Amount sold, in units of its currency.',
    bought_currency: 'Currency that is bought.',
    bought: 'Amount bought, in units of its currency.',
    given:
      'Which of the two amounts the caller gave: sell or buy. The other one follows from the rate.',
    rate: 'Units of the bought currency for one unit of the sold one.',
    rate_source:
      'Where the rate comes from, in the words of the caller; null when it was not said.',
    rounding_mode: 'How the amount that follows from the rate was rounded: half-even.',
    rounding_account: 'Address of the account that takes what rounding leaves.',
    remainder:
      'sold x rate less bought: what rounding left, exactly, in units of the bought currency.',
    rounding_posted:
      'What was posted of it and of what was carried before, in whole minor units, written in units of ' +
      'the bought currency.',
    rounding_carried:
      'What waits for the next exchange with this rounding account, in units of the bought currency.',
    ...WHEN_AND_WHERE,
  },
  select: (schema) => `SELECT *, id AS transfer_id,
      exchange ->> 'from' AS from_account, exchange ->> 'to' AS to_account,
      exchange #>> '{via,sell}' AS sell_via, exchange #>> '{via,buy}' AS buy_via,
      exchange #>> '{sell,currency}' AS sold_currency,
      (exchange #>> '{sell,amount}')::numeric AS sold,
      exchange #>> '{buy,currency}' AS bought_currency,
      (exchange #>> '{buy,amount}')::numeric AS bought,
      exchange ->> 'given' AS given, (exchange ->> 'rate')::numeric AS rate,
      exchange ->> 'source' AS rate_source,
      exchange #>> '{rounding,mode}' AS rounding_mode,
      exchange #>> '{rounding,account}' AS rounding_account,
      (exchange #>> '{remainder,exact}')::numeric AS remainder,
      (exchange #>> '{remainder,posted}')::numeric AS rounding_posted,
      (exchange #>> '{remainder,carried}')::numeric AS rounding_carried,
      ${dayOf('effective_at')} AS booked_on
    FROM ${schema}.transfer WHERE exchange IS NOT NULL`,
};
