import { InvariantViolation } from '../domain/errors.js';
import { EventStoreUnavailable } from '../event-store/event-store.js';
import { accountNow } from './account-now.js';
import { type LedgerWriters, OutcomeUnknown } from './ledger-writer/ledger-writers.js';

/** Writers whose store went away right after the command was recorded. */
function writersFailingWith(error: Error): LedgerWriters {
  const fail = () => Promise.reject(error);
  return {
    ...{ submit: fail, submitAll: fail, preview: fail, current: fail },
    expireDue: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

describe('the account after a command', () => {
  it('is in doubt, not "nothing recorded", when the store goes away before it is read', async () => {
    const writers = writersFailingWith(new EventStoreUnavailable('gone'));
    await expect(accountNow(writers, 'shop', 'wallet')).rejects.toThrow(OutcomeUnknown);
  });

  it('is a defect when the books contradict themselves', async () => {
    const writers = writersFailingWith(new InvariantViolation('broken'));
    await expect(accountNow(writers, 'shop', 'wallet')).rejects.toThrow(InvariantViolation);
  });
});
