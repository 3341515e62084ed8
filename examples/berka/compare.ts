// Holds Daybook's figures against the bank's, one claim after the other.
import { type BankBooks } from './bank-books.js';
import { type DaybookFigures } from './read-model.js';
import { crownsOf } from './source.js';

export interface Check {
  readonly claim: string;
  readonly isTrue: boolean;
  /** The figures; of differences the first few. */
  readonly detail: string;
}

/** What the publisher's file as a whole comes to, from the description that comes with the data. */
const WHOLE_FILE = { transactions: 49_102, totalIn: 17736629630n, totalOut: 13812015350n };

const DIFFERENCES_SHOWN_MAX = 5;

export function compare(bank: BankBooks, daybook: DaybookFigures): Check[] {
  const { transactions, totalIn, totalOut } = bank;
  const isWhole = transactions === WHOLE_FILE.transactions;
  return [
    {
      claim: 'every transaction is a posted transfer, none was refused',
      isTrue: daybook.posted === transactions && daybook.refused === 0,
      detail: `${transactions} transactions, ${daybook.posted} posted, ${daybook.refused} refused`,
    },
    {
      claim: 'debits equal credits',
      isTrue: daybook.debits === daybook.credits,
      detail: `${crownsOf(daybook.debits)} = ${crownsOf(daybook.credits)}`,
    },
    {
      claim: 'what came in and what went out equal the sums of the file',
      isTrue: daybook.totalIn === totalIn && daybook.totalOut === totalOut,
      detail: `in ${crownsOf(daybook.totalIn)}, out ${crownsOf(daybook.totalOut)}`,
    },
    ...(isWhole
      ? [
          {
            claim: 'both equal the published totals',
            isTrue: totalIn === WHOLE_FILE.totalIn && totalOut === WHOLE_FILE.totalOut,
            detail: `in ${crownsOf(WHOLE_FILE.totalIn)}, out ${crownsOf(WHOLE_FILE.totalOut)}`,
          },
        ]
      : []),
    balancesCheck(bank, daybook),
    ...dayChecks(bank, daybook),
  ];
}

function balancesCheck(bank: BankBooks, daybook: DaybookFigures): Check {
  const addresses = [...new Set([...bank.balances.keys(), ...daybook.balances.keys()])];
  const wrong = addresses.filter((it) => bank.balances.get(it) !== daybook.balances.get(it));
  const told = wrong.map((it) => {
    const [ours, theirs] = [daybook.balances.get(it), bank.balances.get(it)];
    return `${it}: Daybook has ${shown(ours)}, the file adds up to ${shown(theirs)}`;
  });
  return {
    claim: "every account's balance equals the sum computed from the file",
    isTrue: wrong.length === 0,
    detail: wrong.length === 0 ? `${addresses.length} accounts` : firstOf(told),
  };
}

// The bank's balances and its amounts disagree by gaps that the file itself has (see the README). Known
// from the file alone, they are what Daybook's balance may differ from the bank's by: no more, no less.
function dayChecks({ dayEnds }: BankBooks, daybook: DaybookFigures): Check[] {
  const wrong = dayEnds.filter(
    ({ account, day, closing, gapSoFar }) =>
      daybook.closings.get(`${account} ${day}`) !== closing - gapSoFar,
  );
  const told = wrong.map(({ account, day, closing, gapSoFar }) => {
    const ours = shown(daybook.closings.get(`${account} ${day}`));
    return `${account} on ${day}: Daybook has ${ours}, the bank ${crownsOf(closing - gapSoFar)}`;
  });
  const isExact = wrong.filter(({ gapSoFar }) => gapSoFar === 0n).length === 0;
  const exact = dayEnds.filter(({ gapSoFar }) => gapSoFar === 0n);
  return [
    {
      claim: "where all days so far chain, Daybook's balance is the bank's recorded balance",
      isTrue: isExact,
      detail: `${exact.length} day ends of ${new Set(exact.map((end) => end.account)).size} accounts`,
    },
    {
      claim: "on every day, Daybook's balance is the bank's less the gaps in the file so far",
      isTrue: wrong.length === 0 && daybook.closings.size === dayEnds.length,
      detail: wrong.length === 0 ? `${dayEnds.length} day ends` : firstOf(told),
    },
  ];
}

/** How far the bank's own balances follow from its own amounts; a property of the file alone. */
export function chainFigures({ dayEnds }: BankBooks): string[] {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const chainedDays = dayEnds.filter(({ rows, chained }) => rows === chained);
  const allRows = sum(dayEnds.map(({ rows }) => rows));
  const last = new Map(dayEnds.map((end) => [end.account, end]));
  const withoutGap = [...last.values()].filter(({ gapSoFar }) => gapSoFar === 0n).length;
  return [
    `rows in days that chain: ${sum(chainedDays.map(({ rows }) => rows))} of ${allRows}`,
    `rows that follow from the row before: ${sum(dayEnds.map(({ chained }) => chained))}`,
    `days of accounts that chain: ${chainedDays.length} of ${dayEnds.length}`,
    `accounts that end on the bank's recorded balance: ${withoutGap} of ${last.size}`,
  ];
}

function firstOf(differences: readonly string[]): string {
  const more = differences.length - DIFFERENCES_SHOWN_MAX;
  const shownFirst = differences.slice(0, DIFFERENCES_SHOWN_MAX).join('; ');
  return more > 0 ? `${shownFirst}; and ${more} more` : shownFirst;
}

function shown(hellers: bigint | undefined): string {
  return hellers === undefined ? 'no such account' : crownsOf(hellers);
}
