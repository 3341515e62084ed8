import { type OpenAccount } from '../../domain/ledger/open-account.js';
import { utcNow } from '../../platform/clock.js';
import { type OpenAccountBody } from './dto.js';

/** How far below zero an account may go when its opening does not say. */
const OVERDRAFT_LIMIT_DEFAULT = '0';

/** What a request asks of the ledger, whether it came over HTTP or in a file. */
export function openAccountOf(body: OpenAccountBody): OpenAccount {
  const { overdraftLimit = OVERDRAFT_LIMIT_DEFAULT } = body;
  return {
    type: 'OpenAccount',
    address: body.address,
    accountType: body.type,
    currency: body.currency,
    overdraftLimit,
    balanceLimit: body.balanceLimit ?? null,
    metadata: body.metadata ?? {},
    now: utcNow(),
  };
}
