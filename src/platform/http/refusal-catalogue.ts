// The refusals of the domain, as HTTP tells them: what the books say no to. Part of the error catalogue.
import { type RefusalCode } from '../../domain/errors.js';
import { type CatalogueEntry } from './catalogue-entry.js';

export const REFUSALS: Readonly<Record<RefusalCode, CatalogueEntry>> = {
  INSUFFICIENT_FUNDS: {
    number: 'DBK-2001',
    status: 422,
    meaning:
      'An account would fall below what its overdraft limit allows. The refusal is recorded.',
    remedy:
      'Bring money in first and post a transfer with a new id; `details.evidence` has the balances.',
  },
  BALANCE_LIMIT_EXCEEDED: {
    number: 'DBK-2002',
    status: 422,
    meaning: 'An account would rise above its balance limit. The refusal is recorded.',
    remedy: 'Move less, with a new transfer id; `details.evidence` has the balances.',
  },
  AMOUNT_OVERFLOW: {
    number: 'DBK-2003',
    status: 422,
    meaning: 'The running sums of an account would grow beyond 36 digits. The refusal is recorded.',
    remedy: 'Use another account.',
  },
  ACCOUNT_CLOSED: {
    number: 'DBK-2004',
    status: 422,
    meaning:
      'An account is closed, for ever. The refusal of a transfer is recorded; a change of the account is not.',
    remedy: 'Use another account.',
  },
  ACCOUNT_FROZEN: {
    number: 'DBK-2005',
    status: 422,
    meaning:
      'An account is frozen for all entries, or for debits and the transfer debits it. The refusal is recorded.',
    remedy: 'Unfreeze the account and post a transfer with a new id; `details.evidence` names it.',
  },
  TRANSFER_NOT_PENDING: {
    number: 'DBK-2006',
    status: 422,
    meaning:
      'What the transfer held was captured, voided or expired before, or it never held anything. `details.evidence.transfer` shows it.',
    remedy: 'Look at the state of the transfer. To turn back what was posted, reverse it.',
  },
  TRANSFER_EXPIRED: {
    number: 'DBK-2007',
    status: 422,
    meaning: 'The time up to which the pending transfer could be captured is over.',
    remedy: 'Make a new pending transfer.',
  },
  TRANSFER_NOT_REVERSIBLE: {
    number: 'DBK-2008',
    status: 422,
    meaning: 'Nothing of the transfer was posted, or it is a reversal itself.',
    remedy: 'Void a pending transfer; to undo a reversal, post the transfer again.',
  },
  AMOUNT_EXCEEDS_HELD: {
    number: 'DBK-2009',
    status: 422,
    meaning:
      'More was to be captured or voided than the transfer still holds. `details.evidence.transfer` shows what it holds.',
    remedy: 'Ask for at most what is held.',
  },
  AMOUNT_EXCEEDS_POSTED: {
    number: 'DBK-2010',
    status: 422,
    meaning:
      'More was to be reversed than was posted and not yet reversed. `details.evidence.transfer` shows both.',
    remedy: 'Ask for at most what is left.',
  },
  EFFECTIVE_AT_OUT_OF_RANGE: {
    number: 'DBK-2011',
    status: 422,
    meaning:
      'The transfer would count further from its recording than the rules of the ledger allow.',
    remedy: 'Name an `effectiveAt` within the limits in `details.evidence.effectiveAt`.',
  },
  PERIOD_CLOSED: {
    number: 'DBK-2012',
    status: 422,
    meaning:
      'The transfer would count on a day that is closed. `details.evidence.closedThrough` is the last one.',
    remedy: 'Name a later `effectiveAt`, or have an admin reopen the period.',
  },
  REFERENCE_TAKEN: {
    number: 'DBK-2013',
    status: 409,
    meaning: 'The references of this ledger are unique, and another transfer has this one.',
    remedy: 'Use another reference. `details.evidence.reference` says where it was used.',
  },
  CONDITIONS_NOT_MET: {
    number: 'DBK-2014',
    status: 412,
    meaning:
      'The accounts are not as the conditions ask. Every condition that is not met is in `details.evidence.conditions`, with what was seen.',
    remedy: 'Read the accounts again, decide again, and ask under a new id.',
  },
  BATCH_REFUSED: {
    number: 'DBK-2015',
    status: 422,
    meaning: 'None of the transfers of an atomic batch was made, for those in `details.refusals`.',
    remedy: 'Correct or leave out those, and send the batch under new ids.',
  },
};
