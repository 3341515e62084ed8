import { growsByDebits } from '../engine/normal-side.js';
import {
  EVENT_PLACE,
  STALE_SINCE,
  type View,
  inMinorUnits,
  withStaleness,
} from '../engine/read-model.js';

export const accountView: View = {
  name: 'account',
  comment: 'One row per account, as it is now.',
  key: ['ledger', 'address'],
  columns: {
    ledger: 'Id of the ledger.',
    address:
      'Address of the account: 1 to 10 segments with colons between them, customers:42:wallet.',
    type:
      'asset, liability, equity, income or expense. Asset and expense accounts have debit as their ' +
      'normal side, the others credit.',
    currency: 'The one currency of the account: an ISO 4217 code, or an asset of the ledger.',
    scale: 'Decimals of the currency: 2 for EUR. A minor unit is 10^-scale of a unit.',
    status: 'open, frozen or closed.',
    version: 'Changes of the account so far; its opening was the first.',
    balance:
      'What is posted on the normal side less what is posted on the other one, in units of the ' +
      'currency. Negative when overdrawn.',
    available: 'Balance less what pending transfers may still take away, in units of the currency.',
    posted_debits: 'Sum of all posted debits, in units of the currency.',
    posted_credits: 'Sum of all posted credits, in units of the currency.',
    pending_debits: 'Sum of all debits that pending transfers hold now, in units of the currency.',
    pending_credits:
      'Sum of all credits that pending transfers hold now, in units of the currency.',
    overdraft_limit:
      'How far the balance may go below zero, in units of the currency, 0 or more. Null is without limit.',
    balance_limit: 'How high the balance may go, in units of the currency. Null is without limit.',
    metadata: 'What the owner of the account noted: a JSON object of texts.',
    opened_at: 'When the account was opened.',
    revision: `${EVENT_PLACE.revision} Of the event that last changed the account.`,
    position: `${EVENT_PLACE.position} Of the event that last changed the account.`,
    event_id: `${EVENT_PLACE.event_id} Of the event that last changed the account.`,
    frozen_for:
      'What a frozen account refuses: debits (entries on its debit side) or all. Null unless it is frozen.',
    digest:
      'SHA-256 over all entries of the account in their order, which anybody can recompute ' +
      '(docs/verification.md).',
    recorded_at: 'When the event that last changed the account was recorded.',
    normal_side: 'debit or credit: the side that makes the balance grow.',
    balance_minor: 'balance in minor units, a whole number: cents for EUR.',
    available_minor: 'available in minor units, a whole number.',
    segments:
      'The address cut at its colons, an array of texts from 1: segments[1] is customers in ' +
      'customers:42:wallet.',
    ...STALE_SINCE,
  },
  select: (schema, generation) => `SELECT *,
      CASE WHEN ${growsByDebits('type')} THEN 'debit' ELSE 'credit' END AS normal_side,
      ${inMinorUnits('balance', 'scale')} AS balance_minor,
      ${inMinorUnits('available', 'scale')} AS available_minor,
      string_to_array(address, ':') AS segments
    FROM ${withStaleness(`${schema}.account`, generation)}`,
};

export const accountBalanceView: View = {
  name: 'account_balance',
  comment: 'One row per account: what it has now. More about the account is in account.',
  key: ['ledger', 'account'],
  columns: {
    ledger: 'Id of the ledger.',
    account: 'Address of the account.',
    account_type: 'asset, liability, equity, income or expense.',
    currency: 'Currency of the account and of all amounts in the row.',
    balance:
      'What is posted on the normal side less what is posted on the other one, in units of the ' +
      'currency. Negative when overdrawn.',
    balance_minor: 'balance in minor units, a whole number: cents for EUR.',
    available: 'balance less what pending transfers may still take away, in units of the currency.',
    available_minor: 'available in minor units, a whole number.',
    posted_debits: 'Sum of all posted debits, in units of the currency.',
    posted_credits: 'Sum of all posted credits, in units of the currency.',
    pending_debits: 'Sum of all debits that pending transfers hold now, in units of the currency.',
    pending_credits:
      'Sum of all credits that pending transfers hold now, in units of the currency.',
    net_debits:
      'posted_debits less posted_credits, whatever the type of the account, in units of the currency. ' +
      'Over all accounts of a ledger and currency it sums to 0.',
    recorded_at: 'When the event that last changed the account was recorded.',
    revision: `${EVENT_PLACE.revision} Of the event that last changed the account.`,
    position: `${EVENT_PLACE.position} Of the event that last changed the account.`,
    event_id: `${EVENT_PLACE.event_id} Of the event that last changed the account.`,
    segments:
      'The address cut at its colons, an array of texts from 1: segments[1] is customers in ' +
      'customers:42:wallet.',
    ...STALE_SINCE,
  },
  select: (schema, generation) => `SELECT *, address AS account, type AS account_type,
      ${inMinorUnits('balance', 'scale')} AS balance_minor,
      ${inMinorUnits('available', 'scale')} AS available_minor,
      posted_debits - posted_credits AS net_debits, string_to_array(address, ':') AS segments
    FROM ${withStaleness(`${schema}.account`, generation)}`,
};
