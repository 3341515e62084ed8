// Balances by day and in total, as views for analysts; those of any time are in functions.ts.
import { signOf } from '../engine/normal-side.js';
import { BOOKED_ON, EVENT_PLACE, type View, dayOf, inMinorUnits } from '../engine/read-model.js';

const LAST_OF_DAY = 'Of the event recorded last that counts on that day.';

export const accountBalanceDayView: View = {
  name: 'account_balance_day',
  comment:
    'One row per account and day on which anything counts in it: what that day added, and the balance ' +
    'at its end, as known now. On a day without a row, the balance is that of the row before. What was ' +
    'known at another time is told by balance_as_of() and statement().',
  key: ['ledger', 'account', 'booked_on'],
  columns: {
    ledger: 'Id of the ledger.',
    account: 'Address of the account.',
    account_type: 'asset, liability, equity, income or expense.',
    currency: 'Currency of the account and of all amounts in the row.',
    booked_on: BOOKED_ON,
    entries: 'How many entries of the account count on that day.',
    debits: 'Sum of its debits that count on that day, in units of the currency.',
    credits: 'Sum of its credits that count on that day, in units of the currency.',
    change: 'By how much that day changed the balance, in units of the currency.',
    balance:
      "At the end of that day (UTC), on the account's normal side, in units of the currency. Negative " +
      'when overdrawn.',
    balance_minor: 'balance in minor units, a whole number: cents for EUR.',
    recorded_at: `When it was recorded. ${LAST_OF_DAY}`,
    revision: `${EVENT_PLACE.revision} ${LAST_OF_DAY}`,
    position: `${EVENT_PLACE.position} ${LAST_OF_DAY}`,
    event_id: `${EVENT_PLACE.event_id} ${LAST_OF_DAY}`,
  },
  select: (schema) => `SELECT *, ${inMinorUnits('balance', 'scale(balance)')} AS balance_minor,
      (SELECT last.event_id FROM ${schema}.entry AS last
        WHERE last.ledger = day.ledger AND last.account = day.account
          AND last.revision = day.revision LIMIT 1) AS event_id
    FROM (
      SELECT *, sum(change) OVER (PARTITION BY ledger, account ORDER BY booked_on) AS balance
      FROM (
        SELECT ledger, account, account_type, currency, booked_on, count(*) AS entries,
          sum(debit) AS debits, sum(credit) AS credits,
          ${signOf('account_type')} * sum(debit - credit) AS change,
          max(recorded_at) AS recorded_at, max(revision) AS revision, max(position) AS position
        FROM (
          SELECT *, ${dayOf('effective_at')} AS booked_on,
            CASE side WHEN 'debit' THEN amount ELSE 0 END AS debit,
            CASE side WHEN 'credit' THEN amount ELSE 0 END AS credit
          FROM ${schema}.entry
        ) AS entry
        GROUP BY ledger, account, account_type, currency, booked_on
      ) AS summed
    ) AS day`,
};

const LAST_OF_LEDGER = 'Of the last event of the ledger that the sums reflect.';

export const trialBalanceView: View = {
  name: 'trial_balance',
  comment:
    'One row per currency and type of account: everything posted, as it is now. The debits of a ledger ' +
    'and currency equal its credits, so that their net_debits sum to 0. Each account by itself is in ' +
    'account_balance; another time is told by trial_balance_as_of().',
  key: ['ledger', 'currency', 'account_type'],
  columns: {
    ledger: 'Id of the ledger.',
    currency: 'Currency of the accounts and of all amounts in the row.',
    account_type: 'asset, liability, equity, income or expense.',
    accounts: 'How many accounts there are of this currency and type.',
    debits: 'Sum of all posted debits, in units of the currency.',
    credits: 'Sum of all posted credits, in units of the currency.',
    net_debits: 'debits less credits, in units of the currency.',
    revision: `${EVENT_PLACE.revision} ${LAST_OF_LEDGER}`,
    position: `${EVENT_PLACE.position} ${LAST_OF_LEDGER}`,
    event_id: `${EVENT_PLACE.event_id} ${LAST_OF_LEDGER}`,
  },
  select: (schema) => `SELECT *, type AS account_type, debits - credits AS net_debits
    FROM (
      SELECT ledger, currency, type, count(*) AS accounts, sum(posted_debits) AS debits,
        sum(posted_credits) AS credits
      FROM ${schema}.account GROUP BY ledger, currency, type
    ) AS summed
    JOIN (SELECT ledger, revision, position, event_id FROM ${schema}.ledger) AS last USING (ledger)`,
};
