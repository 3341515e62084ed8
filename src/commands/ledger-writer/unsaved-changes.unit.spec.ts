import { accountOpened, ledgerOpened } from '../../../test/support/ledger-factories.js';
import { evolve } from '../../domain/ledger/evolve.js';
import { emptyLedger } from '../../domain/ledger/state.js';
import { UnsavedChanges } from './unsaved-changes.js';

/** A ledger whose event at revision n opened the account `a<n>`. */
function openedLedger() {
  const state = emptyLedger();
  evolve(state, ledgerOpened());
  const open = () => evolve(state, accountOpened(`a${state.revision + 1}`, 'asset'));
  return { state, open };
}

const accountsSince = (changes: UnsavedChanges, revision: number) => {
  const changed = changes.since(revision);
  return changed && [...(changed.get('accounts') ?? [])];
};

describe('unsaved changes', () => {
  it('are those after what is stored, in whole spans', () => {
    const { state, open } = openedLedger();
    const changes = new UnsavedChanges(-1);
    for (let span = 0; span < 3; span += 1) {
      open();
      changes.closeSpan(state);
    }
    expect(accountsSince(changes, -1)).toEqual(['a1', 'a2', 'a3']);
    expect(accountsSince(changes, 1)).toEqual(['a2', 'a3']);
    expect(accountsSince(changes, 3)).toEqual([]);
  });

  it('cannot be told when what is stored is older than what was let go', () => {
    const { state, open } = openedLedger();
    const changes = new UnsavedChanges(-1);
    for (let span = 0; span < 3; span += 1) {
      open();
      changes.closeSpan(state);
    }
    changes.stored(2);
    expect(accountsSince(changes, 1)).toBeUndefined();
    expect(accountsSince(changes, 2)).toEqual(['a3']);
    expect(accountsSince(new UnsavedChanges(7), 6)).toBeUndefined();
  });

  it('let go the oldest while nothing can be stored', () => {
    const { state, open } = openedLedger();
    const changes = new UnsavedChanges(-1);
    for (let span = 0; span < 100; span += 1) {
      open();
      changes.closeSpan(state);
    }
    expect(accountsSince(changes, -1)).toBeUndefined();
    expect(accountsSince(changes, 98)).toEqual(['a99', 'a100']);
  });

  it('cannot be told when there are too many', () => {
    const { state } = openedLedger();
    const changes = new UnsavedChanges(-1);
    const account = { ...openedAccount(), address: 'a' };
    for (let n = 0; n <= 100_000; n += 1) state.accounts.set(`a${n}`, account);
    changes.closeSpan(state);
    expect(accountsSince(changes, -1)).toBeUndefined();
  });
});

function openedAccount() {
  const { state, open } = openedLedger();
  open();
  const account = state.accounts.get('a1');
  if (!account) throw new Error('no account was opened');
  return account;
}
