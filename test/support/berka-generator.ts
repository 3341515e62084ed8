// Writes files in the format of the bank's (trans.asc, account.asc) with everything that makes the real
// ones hard: days in shuffled order, overdrawn accounts, and interest whose published amount is rounded
// while the recorded balance is not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomNumbers } from './random-numbers.js';

const ACCOUNTS = 60;
const DAYS = 120;
const BANKS = ['AB', 'CD', 'YZ'];
const INTEREST_EVERY_DAYS = 30;

/** The same seed gives the same files. Returns how many transactions there are. */
export function generateBankFiles(folder: string, seed: number): number {
  const random = randomNumbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const balances = Array.from({ length: ACCOUNTS }, () => 0);
  const lines: string[] = [];
  let id = 1_000;

  const book = (
    account: number,
    kind: Kind,
    hellers: number,
    gap: number,
    date: string,
  ): string => {
    const before = balances[account] ?? 0;
    const after = before + (kind.isIncoming ? hellers : -hellers) + gap;
    balances[account] = after;
    id += 1 + below(5);
    const type = kind.isIncoming ? 'PRIJEM' : 'VYDAJ';
    const other = kind.isBank
      ? `"${BANKS[below(BANKS.length)] ?? ''}";"${10_000 + below(9_999)}"`
      : ';';
    const amounts = `${crowns(hellers)};${crowns(after)}`;
    return `${id};${account + 1};${date};"${type}";"${kind.operation}";${amounts};"${kind.symbol}";${other}`;
  };

  for (let day = 0; day < DAYS; day += 1) {
    const date = new Date(Date.UTC(1993, 0, 1 + day))
      .toISOString()
      .slice(2, 10)
      .replaceAll('-', '');
    const today: string[] = [];
    for (let account = 0; account < ACCOUNTS; account += 1) {
      for (let count = random() < 0.2 ? 1 + below(4) : 0; count > 0; count -= 1) {
        const kind = KINDS[below(KINDS.length)] ?? INTEREST;
        today.push(book(account, kind, 100 + below(500_000), 0, date));
      }
      if (day % INTEREST_EVERY_DAYS === INTEREST_EVERY_DAYS - 1) {
        const gap = random() < 0.3 ? ([10, -10][below(2)] ?? 0) : 0;
        today.push(book(account, INTEREST, 10 * (1 + below(900)), gap, date));
      }
    }
    lines.push(...shuffled(today, below));
  }
  writeFileSync(join(folder, 'trans.asc'), [TRANSACTIONS_HEADER, ...lines, ''].join('\n'));
  const accounts = balances.map(
    (_, index) => `${index + 1};${1 + below(77)};"POPLATEK MESICNE";930101`,
  );
  writeFileSync(join(folder, 'account.asc'), [ACCOUNTS_HEADER, ...accounts, ''].join('\n'));
  return lines.length;
}

interface Kind {
  readonly operation: string;
  readonly symbol: string;
  readonly isIncoming: boolean;
  readonly isBank: boolean;
}

const kind = (operation: string, symbol: string, isIncoming: boolean): Kind => ({
  operation,
  symbol,
  isIncoming,
  isBank: operation.startsWith('PREVOD'),
});
const INTEREST = kind('', 'UROK', true);
const KINDS = [
  kind('VKLAD', '', true),
  kind('VKLAD', '', true),
  kind('PREVOD Z UCTU', 'DUCHOD', true),
  kind('VYBER', '', false),
  kind('VYBER', 'SLUZBY', false),
  kind('VYBER', 'SANKC. UROK', false),
  kind('VYBER KARTOU', '', false),
  kind('PREVOD NA UCET', 'SIPO', false),
  kind('PREVOD NA UCET', ' ', false),
];

const TRANSACTIONS_HEADER =
  '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";"account"';
const ACCOUNTS_HEADER = '"account_id";"district_id";"frequency";"date"';

function crowns(hellers: number): string {
  const digits = String(Math.abs(hellers)).padStart(3, '0');
  return `${hellers < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function shuffled<T>(items: readonly T[], below: (limit: number) => number): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(below(left.length), 1));
}
