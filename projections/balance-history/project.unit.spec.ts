// When a block is complete: after so many changes of an account, and after so many events of a ledger.
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { type LedgerEvent } from '../../src/domain/ledger/events.js';
import { given } from '../../test/support/bookings.js';
import { after } from '../../test/support/given-when-then.js';
import { leg, openAccount, openLedger, postTransfer } from '../../test/support/ledger-factories.js';
import { holdTransfer, postBatch, written } from '../../test/support/transfer-factories.js';
import { balanceHistoryReadModel } from './project.js';
import { BLOCK_LENGTH, LONG_BLOCK } from './table.js';

const cash = openAccount({ address: 'cash', accountType: 'asset', overdraftLimit: null });
const OPENED = [
  openLedger(),
  cash,
  openAccount({ address: 'ann' }),
  openAccount({ address: 'bob' }),
];
const toAnn = [leg('cash', 'ann', '1.00')];
const transfers = (count: number) =>
  Array.from({ length: count }, (_, number) => postTransfer(`t-${number}`, toAnn));
/** After this, the next change of `cash` and `ann` completes their first block: opening them was one. */
const NEARLY = after([], ...OPENED, ...transfers(BLOCK_LENGTH - 2));
const LAST = NEARLY.length;

/** The blocks that a history leads to. */
const blocksOf = (history: readonly LedgerEvent[]) =>
  given(...history).rows(balanceHistoryReadModel);

describe('the block of an account', () => {
  const ofAccounts = (...commands: readonly LedgerCommand[]) =>
    blocksOf(after(NEARLY, ...commands)).filter(({ table }) => table === 'account_block');
  const first = (account: string, revision: number) => ({
    ...{ table: 'account_block', ledger: 'shop', account },
    ...{ length: BLOCK_LENGTH, block: 0, last_revision: revision },
  });

  it('is not there before its last change', () => {
    expect(ofAccounts()).toEqual([]);
  });

  it.each([
    ['a transfer', postTransfer('last', toAnn)],
    ['something pending, which posts nothing', holdTransfer('last', toAnn)],
    ['the first of several legs', postTransfer('last', [...toAnn, ...toAnn])],
    ['one transfer of a batch', postBatch('last', [written('last-0', toAnn)])],
  ])('ends with %s that is its last change', (_, command) => {
    expect(ofAccounts(command)).toEqual([first('cash', LAST), first('ann', LAST)]);
  });

  it('ends with the whole of a batch in which it becomes complete', () => {
    const batch = postBatch('batch', [
      written('batch-0', [leg('cash', 'bob', '1.00')]),
      ...[1, 2, 3].map((number) => written(`batch-${number}`, toAnn)),
    ]);
    expect(ofAccounts(batch)).toEqual([first('cash', LAST), first('ann', LAST)]);
  });

  it('is long when so many of them are complete, and ends where the last of them ends', () => {
    const length = LONG_BLOCK * BLOCK_LENGTH;
    const batches = Array.from({ length: LONG_BLOCK }, (_, number) =>
      postBatch(
        `batch-${number}`,
        Array.from({ length: 1_000 }, (_, item) => written(`b-${number}-${item}`, toAnn)),
      ),
    );
    const before = after([], ...OPENED, ...batches, ...transfers(length - LONG_BLOCK * 1_000 - 2));
    const rows = blocksOf(after(before, postTransfer('last', toAnn))).filter(
      ({ account }) => account === 'ann',
    );
    const last = { account: 'ann', last_revision: before.length };
    expect(rows).toHaveLength(LONG_BLOCK + 1);
    expect(rows.slice(-2)).toMatchObject([
      { ...last, length: BLOCK_LENGTH, block: LONG_BLOCK - 1 },
      { ...last, length, block: 0 },
    ]);
  });

  it('is complete once', () => {
    const two = [postTransfer('last', toAnn), postTransfer('next', toAnn)];
    expect(ofAccounts(...two)).toHaveLength(2);
  });
});

it('the block of a ledger ends with every so many events, whatever they are about', () => {
  const commands = [...OPENED, ...transfers(2 * BLOCK_LENGTH - OPENED.length)];
  const rows = blocksOf(after([], ...commands));
  const ledgerRows = rows.filter(({ table }) => table === 'ledger_block');
  expect(ledgerRows.map((row) => [row['block'], row['last_revision']])).toEqual([
    [0, BLOCK_LENGTH - 1],
    [1, 2 * BLOCK_LENGTH - 1],
  ]);
});
