// Opening, and everything about accounts and periods that moves no money.
import { type AccountCommand } from '../../src/domain/ledger/decide.js';
import { type OpenAccount } from '../../src/domain/ledger/open-account.js';
import { type OpenLedger } from '../../src/domain/ledger/open-ledger.js';
import { type ClosePeriod, type ReopenPeriod } from '../../src/domain/ledger/periods.js';
import { type Step, decidedBefore, happens, rejected, timeOf, unchanged } from './answer.js';
import {
  type Account,
  type Books,
  SCALES,
  accountAt,
  sumsOf,
  unitsOf,
  withAccounts,
} from './books.js';

// Spaces keep these apart from the ids of transfers.
const LEDGER = 'the ledger';
const accountId = (address: string) => `account ${address}`;

export function openLedger(books: Books, command: OpenLedger): Step {
  const before = decidedBefore(books, LEDGER, command);
  if (before) return before;
  const after = { ...books, rules: command.rules };
  return happens(command, [LEDGER], { before: books, after }, { type: 'LedgerOpened' });
}

export function openAccount(books: Books, command: OpenAccount): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const before = decidedBefore(books, accountId(command.address), command);
  if (before) return before;
  const { address, accountType: type, currency, metadata } = command;
  if (!(currency in SCALES)) return rejected(books, 'UNKNOWN_CURRENCY');
  const limits = limitsOf(command, currency);
  if (!limits) return rejected(books, 'INVALID_ACCOUNT');
  const account: Account = {
    ...{ address, type, currency, metadata, status: 'open', freeze: null, version: 1 },
    overdraftLimit: limits.overdraftLimit ?? null,
    balanceLimit: limits.balanceLimit ?? null,
  };
  const after = { ...books, accounts: [...books.accounts, account] };
  const ids = [accountId(address)];
  return happens(command, ids, { before: books, after }, { type: 'AccountOpened' });
}

type Limits = Partial<Record<'overdraftLimit' | 'balanceLimit', bigint | null>>;

/** Undefined when one of them cannot be read. */
function limitsOf(
  written: { readonly [limit in keyof Limits]?: string | null | undefined },
  currency: string,
): Limits | undefined {
  const limits: { -readonly [limit in keyof Limits]: Limits[limit] } = {};
  for (const limit of ['overdraftLimit', 'balanceLimit'] as const) {
    const text = written[limit];
    if (text === undefined) continue;
    const units = text === null ? null : unitsOf(text, currency);
    if (units === undefined) return undefined;
    limits[limit] = units;
  }
  return limits;
}

export function changeAccount(books: Books, command: AccountCommand): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const account = accountAt(books, command.address);
  if (!account) return rejected(books, 'ACCOUNT_NOT_FOUND');
  const becomes = (type: string, change: Partial<Account>): Step => {
    const after = withAccounts(books, [account.address], () => change);
    return happens(command, [], { before: books, after }, { type });
  };
  if (command.type === 'CloseAccount') {
    if (account.status === 'closed') return unchanged(books);
    const { debits, credits } = sumsOf(books, account.address);
    const empty = debits.posted === credits.posted && debits.pending + credits.pending === 0n;
    if (!empty) return rejected(books, 'ACCOUNT_NOT_EMPTY');
    return becomes('AccountClosed', { status: 'closed', freeze: null });
  }
  if (account.status === 'closed') return rejected(books, 'ACCOUNT_CLOSED');
  switch (command.type) {
    case 'FreezeAccount': {
      const { freeze } = command;
      if (account.freeze === freeze) return unchanged(books);
      return becomes('AccountFrozen', { status: 'frozen', freeze });
    }
    case 'UnfreezeAccount':
      if (account.freeze === null) return unchanged(books);
      return becomes('AccountUnfrozen', { status: 'open', freeze: null });
    case 'ChangeAccount': {
      const limits = limitsOf(command, account.currency);
      if (!limits) return rejected(books, 'INVALID_ACCOUNT');
      const metadata = command.metadata ?? account.metadata;
      const changed = { ...account, ...limits, metadata };
      const { expectedVersion } = command;
      if (told(changed) === told(account)) return unchanged(books);
      if (expectedVersion !== null && expectedVersion !== account.version) {
        return rejected(books, 'VERSION_MISMATCH');
      }
      return becomes('AccountChanged', { ...limits, metadata });
    }
  }
}

function told({ overdraftLimit, balanceLimit, metadata }: Account): string {
  return `${overdraftLimit} ${balanceLimit} ${JSON.stringify(metadata)}`;
}

export function closePeriod(books: Books, command: ClosePeriod): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const { through } = command;
  const today = timeOf(command, books).slice(0, 10);
  if (through >= today) return rejected(books, 'INVALID_PERIOD');
  const { closedThrough } = books;
  if (closedThrough !== null && closedThrough >= through) return unchanged(books);
  const after = { ...books, closedThrough: through };
  return happens(command, [], { before: books, after }, { type: 'PeriodClosed' });
}

export function reopenPeriod(books: Books, command: ReopenPeriod): Step {
  if (!books.rules) return rejected(books, 'LEDGER_NOT_FOUND');
  const [closed, wanted] = [books.closedThrough, command.closedThrough];
  if (closed === wanted) return unchanged(books);
  if (closed === null || (wanted !== null && wanted > closed)) {
    return rejected(books, 'INVALID_PERIOD');
  }
  const after = { ...books, closedThrough: wanted };
  return happens(command, [], { before: books, after }, { type: 'PeriodReopened' });
}
