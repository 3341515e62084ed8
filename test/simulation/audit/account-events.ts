// What happens to accounts other than transfers, booked naively.
import { recordedUnits } from './amounts.js';
import { type AccountState, isEmpty } from './account-state.js';
import { type Booking } from './booking.js';

interface OpenedData {
  readonly address: string;
  readonly type: string;
  readonly currency: string;
  readonly overdraftLimit: string | null;
  readonly balanceLimit: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly recordedAt: string;
}

interface ChangedData {
  readonly address: string;
  readonly version: number;
  readonly changes?: Partial<Pick<OpenedData, 'overdraftLimit' | 'balanceLimit' | 'metadata'>>;
  readonly freeze?: 'debits' | 'all';
}

export function bookLedger({ books, event, report }: Booking): void {
  if (event.revision !== 0) report('books', 'the ledger is opened in the middle of its stream');
  const assets = event.data['assets'] as readonly { code: string; scale: number }[];
  for (const { code, scale } of assets) books.scales.set(code, scale);
  const rules = event.data['rules'] as { uniqueReferences: boolean } | undefined;
  books.uniqueReferences = rules?.uniqueReferences ?? false;
}

export function bookOpened({ books, event, report }: Booking): void {
  const data = event.data as object as OpenedData;
  if (books.latest(data.address)) report('once', `${data.address} is opened twice`);
  const scale = books.scales.get(data.currency) ?? 0;
  const { address, type, currency, metadata, recordedAt } = data;
  books.enter(event.revision, {
    ...{ address, type, currency, scale, status: 'open', freeze: null, version: 1 },
    ...{ debits: 0n, credits: 0n, pendingDebits: 0n, pendingCredits: 0n },
    overdraftLimit: limitUnits(data.overdraftLimit, scale),
    balanceLimit: limitUnits(data.balanceLimit, scale),
    ...{ metadata, openedAt: recordedAt },
  });
}

type Change = (account: AccountState, data: ChangedData) => AccountState;

/** Books an event about one account that was opened and not closed. */
export const bookChange =
  (change: Change) =>
  ({ books, event, report }: Booking): void => {
    const data = event.data as object as ChangedData;
    const account = books.latest(data.address);
    if (!account) return report('books', `${data.address} was never opened`);
    if (account.status === 'closed') report('books', `${data.address} was closed before`);
    const version = account.version + 1;
    if (data.version !== version) report('figures', `version ${data.version}, known is ${version}`);
    const after = { ...change(account, data), version };
    if (after.status === 'closed' && !isEmpty(account)) {
      report('books', `${data.address} is closed, and not empty`);
    }
    books.enter(event.revision, after);
  };

export const changed: Change = (account, { changes = {} }) => {
  const { overdraftLimit, balanceLimit, metadata } = changes;
  const { scale } = account;
  return {
    ...account,
    ...(overdraftLimit !== undefined && { overdraftLimit: limitUnits(overdraftLimit, scale) }),
    ...(balanceLimit !== undefined && { balanceLimit: limitUnits(balanceLimit, scale) }),
    ...(metadata && { metadata }),
  };
};
export const frozen: Change = (account, { freeze = 'all' }) => ({
  ...account,
  status: 'frozen',
  freeze,
});
export const unfrozen: Change = (account) => ({ ...account, status: 'open', freeze: null });
export const closed: Change = (account) => ({ ...account, status: 'closed', freeze: null });

function limitUnits(text: string | null, scale: number): bigint | null {
  return text === null ? null : recordedUnits(text, scale);
}
