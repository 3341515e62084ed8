// Ledgers whose accounts, texts and amounts are as odd as the rules allow, for whatever writes them down
// in a format that other programs read.
import { type LedgerCommand } from '../../src/domain/ledger/decide.js';
import { leg, openAccount, openLedger, postTransfer } from './ledger-factories.js';

/** Addresses that a program might take for something else. */
export const ODD_ACCOUNTS = [
  ...[
    '-',
    '_',
    '0',
    '2026-01-01',
    'a',
    'a:b',
    'a:-:b',
    'Ann',
    'ann',
    'assets:cash',
    'apply',
    'end',
  ],
  ...['comment', 'alias', 'account', '-1', 'true', Array(10).fill('x'.repeat(19)).join(':')],
];

/** Texts of callers that a program might take for something else. */
export const ODD_TEXTS = [
  ...[
    '',
    ' ',
    '=1+1',
    '=HYPERLINK("http://x","y")',
    '@SUM(A1)',
    '-1',
    '+1',
    "'=1",
    "''=1",
    "'",
    '\t=1',
  ],
  ...[
    'a;b',
    'two\nlines',
    'r\r\nn',
    'tab\there',
    '(not a code)',
    '* !',
    '"',
    '""',
    'a,b',
    '{}',
    '\u2028',
  ],
  ...[
    'date:2026-99-99',
    'date: x',
    '[2026-13-45]',
    'type:X',
    'a  b',
    '| note',
    '§ é 漢 🂡',
    'a\ufeff',
    '#',
  ],
];

/** Every account, text and amount that is odd, in ledger `odd`. */
export function oddLedger(): LedgerCommand[] {
  const ledger = 'odd';
  const assets = [
    { code: 'WEI', scale: 18 },
    { code: 'C0IN2', scale: 4 },
  ];
  const free = { overdraftLimit: null };
  const [first = ''] = ODD_ACCOUNTS;
  const others = ODD_ACCOUNTS.slice(1);
  const asset = { accountType: 'asset', ...free } as const;
  return [
    openLedger({ ledger, assets }),
    ...ODD_ACCOUNTS.map((address) => openAccount({ address, ...free })),
    ...['JPY', 'WEI', 'C0IN2'].flatMap((currency) => [
      openAccount({ address: `from:${currency}`, currency, ...asset }),
      openAccount({ address: `to:${currency}`, currency, accountType: 'income', ...free }),
    ]),
    ...others.map((address, index) =>
      postTransfer(`odd-${index}`, [leg(first, address, `${index + 1}.5`)]),
    ),
    ...ODD_TEXTS.map((text, index) =>
      postTransfer(`text-${index}`, [leg('a', 'ann', '0.01')], {
        description: text,
        reference: text === '' ? null : text,
        metadata: { note: text },
      }),
    ),
    ...[`${'9'.repeat(30)}`, '1'].map((amount, index) =>
      postTransfer(`yen-${index}`, [leg('from:JPY', 'to:JPY', amount, 'JPY')]),
    ),
    ...['0.000000000000000001', `${'9'.repeat(30)}.${'9'.repeat(18)}`].map((amount, index) =>
      postTransfer(`wei-${index}`, [leg('to:WEI', 'from:WEI', amount, 'WEI')]),
    ),
    postTransfer('coin', [leg('from:C0IN2', 'to:C0IN2', '2.5', 'C0IN2'), leg('a', 'a:b', '3')]),
    ...['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '2026-02-28T23:59:59.999Z'].map(
      (effectiveAt, index) =>
        postTransfer(`time-${index}`, [leg('a', 'ann', '100')], { effectiveAt }),
    ),
  ];
}

/** Ledger `mixed`: amounts of two scales, and more than a number of JavaScript could tell. */
export function mixedLedger(): LedgerCommand[] {
  const free = { overdraftLimit: null };
  return [
    openLedger({ ledger: 'mixed', assets: [] }),
    openAccount({ address: 'cash', accountType: 'asset', ...free }),
    openAccount({ address: 'ann' }),
    openAccount({ address: 'yen', accountType: 'asset', currency: 'JPY', ...free }),
    openAccount({ address: 'ann-yen', currency: 'JPY' }),
    postTransfer('big', [leg('cash', 'ann', '12345678901234567890.12')]),
    postTransfer('yen', [leg('yen', 'ann-yen', '7', 'JPY')]),
  ];
}
