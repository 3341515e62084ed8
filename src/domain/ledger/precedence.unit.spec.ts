// Of several reasons to refuse, the first in REFUSAL_CODES wins. Each case lists what can be wrong with
// one kind of request, in that order; with everything from some point on wrong, the first of it is told.
import { after, given } from '../../../test/support/given-when-then.js';
import {
  NOON,
  accountCommands,
  accountOpened,
  ledgerOpened,
  leg,
  postTransfer,
  transferPosted,
} from '../../../test/support/ledger-factories.js';
import {
  BOOKS,
  EVENING,
  SALE,
  captureTransfer,
  closePeriod,
  holdTransfer,
  reverseTransfer,
  voidTransfer,
} from '../../../test/support/transfer-factories.js';
import { REFUSAL_CODES, type RefusalCode } from '../errors.js';
import { type LedgerCommand } from './decide.js';
import { type LedgerEvent } from './events.js';

interface Request {
  readonly before?: readonly LedgerCommand[];
  readonly command: LedgerCommand;
}
type Wrongs<R extends Request> = readonly (readonly [RefusalCode, (request: R) => R])[];

const NEXT_DAY = '2026-03-02T12:00:00.000Z';
const LONG_AGO = '2025-01-01T00:00:00.000Z';
const LAST_MONTH = '2026-02-28T12:00:00.000Z';

const rules = { uniqueReferences: true, pastDaysMax: 30, futureDaysMax: 30 };
// More than any history could come to in a test; what no request could have asked for.
const huge = transferPosted('abyss', 'vast', '9'.repeat(36));
const books: readonly LedgerEvent[] = after(
  [
    ledgerOpened({ rules }),
    ...BOOKS.slice(1),
    ...['gone', 'iced', 'poor', 'full', 'vast'].map((address) =>
      accountOpened(address, 'liability', { balanceLimit: address === 'full' ? '0' : null }),
    ),
    accountOpened('abyss', 'asset', { overdraftLimit: null }),
    { ...huge, data: { ...huge.data, balances: [] } },
  ],
  accountCommands('gone').close(),
  accountCommands('iced').freeze(),
  postTransfer('first', SALE, { reference: 'INV-1' }),
  closePeriod('2026-02-28'),
);

/** With everything wrong from the `index`th on. */
function allFrom<R extends Request>(wrongs: Wrongs<R>, index: number, request: R): R {
  return wrongs.slice(index).reduceRight((made, [, spoil]) => spoil(made), request);
}

function describePrecedence<R extends Request>(what: string, wrongs: Wrongs<R>, request: R) {
  describe(`of what is wrong with ${what}`, () => {
    it('the order is that of all refusals', () => {
      const codes = wrongs.map(([code]) => code);
      expect(REFUSAL_CODES.filter((code) => codes.includes(code))).toEqual(codes);
    });

    it.each(wrongs.map(([code], index) => [code, index] as const))('%s is told', (code, index) => {
      const { before = [], command } = allFrom(wrongs, index, request);
      const refused = { refusal: { code } };
      const type = command.type === 'CaptureTransfer' ? 'CaptureRefused' : 'TransferRefused';
      given(...after(books, ...before))
        .when(command)
        .thenEvent(type, refused);
    });

    it('nothing is told when nothing is wrong', () => {
      const { before = [], command } = request;
      const type = command.type === 'CaptureTransfer' ? 'TransferCaptured' : 'TransferPosted';
      given(...after(books, ...before))
        .when(command)
        .thenEvent(type, {});
    });
  });
}

type Post = Request & { readonly command: ReturnType<typeof postTransfer> };
const posting =
  (change: (command: Post['command']) => Partial<Post['command']>) =>
  (request: Post): Post => ({
    ...request,
    command: { ...request.command, ...change(request.command) },
  });
const withLeg = (debit: string, credit: string) =>
  posting(({ legs }) => ({ legs: [...legs, leg(debit, credit, '1.00')] }));

describePrecedence<Post>(
  'a transfer',
  [
    ['TRANSFER_EXPIRED', posting(() => ({ pending: { expiresAt: NOON } }))],
    ['EFFECTIVE_AT_OUT_OF_RANGE', posting(() => ({ effectiveAt: LONG_AGO }))],
    ['PERIOD_CLOSED', posting(() => ({ effectiveAt: LAST_MONTH }))],
    ['REFERENCE_TAKEN', posting(() => ({ reference: 'INV-1' }))],
    ['CONDITIONS_NOT_MET', posting(() => ({ conditions: [{ account: 'cash', version: 9 }] }))],
    ['ACCOUNT_CLOSED', withLeg('cash', 'gone')],
    ['ACCOUNT_FROZEN', withLeg('cash', 'iced')],
    ['INSUFFICIENT_FUNDS', withLeg('poor', 'cash')],
    ['BALANCE_LIMIT_EXCEEDED', withLeg('cash', 'full')],
    ['AMOUNT_OVERFLOW', withLeg('cash', 'vast')],
  ],
  { command: postTransfer('t', SALE) },
);

type Capture = Request & { readonly command: ReturnType<typeof captureTransfer> };
const capturing =
  (change: Partial<Capture['command']>, ...before: readonly LedgerCommand[]) =>
  (request: Capture): Capture => ({
    before: [...(request.before ?? []), ...before],
    command: { ...request.command, ...change },
  });

describePrecedence<Capture>(
  'a capture',
  [
    ['TRANSFER_NOT_PENDING', capturing({}, voidTransfer('v', 'hold'))],
    ['TRANSFER_EXPIRED', capturing({ now: EVENING })],
    ['AMOUNT_EXCEEDS_HELD', capturing({ amount: '10.01' })],
    ['EFFECTIVE_AT_OUT_OF_RANGE', capturing({ effectiveAt: LONG_AGO })],
    ['PERIOD_CLOSED', capturing({ effectiveAt: LAST_MONTH })],
    ['ACCOUNT_FROZEN', capturing({}, accountCommands('shop').freeze())],
  ],
  {
    before: [holdTransfer('hold', SALE, EVENING)],
    command: captureTransfer('c', 'hold'),
  },
);

type Reverse = Request & { readonly command: ReturnType<typeof reverseTransfer> };
const reversing =
  (change: Partial<Reverse['command']>, ...before: readonly LedgerCommand[]) =>
  (request: Reverse): Reverse => ({
    before: [...(request.before ?? []), ...before],
    command: { ...request.command, ...change },
  });

describePrecedence<Reverse>(
  'a reversal',
  [
    ['TRANSFER_NOT_REVERSIBLE', reversing({ transfer: 'back' }, reverseTransfer('back', 'second'))],
    ['AMOUNT_EXCEEDS_POSTED', reversing({ amount: '10.01' })],
    ['EFFECTIVE_AT_OUT_OF_RANGE', reversing({ effectiveAt: LONG_AGO })],
    ['PERIOD_CLOSED', reversing({ effectiveAt: LAST_MONTH })],
    ['ACCOUNT_FROZEN', reversing({}, accountCommands('wallet').freeze())],
    ['INSUFFICIENT_FUNDS', reversing({}, postTransfer('out', [leg('shop', 'cash', '20.00')]))],
    [
      'BALANCE_LIMIT_EXCEEDED',
      reversing({}, accountCommands('wallet').change({ balanceLimit: '0' })),
    ],
  ],
  { before: [postTransfer('second', SALE)], command: reverseTransfer('r', 'first') },
);

describe('before any refusal', () => {
  const spoilt = postTransfer('t', [leg('cash', 'gone', '1.00')], { effectiveAt: LONG_AGO });

  it('comes that the request does not fit', () => {
    given(...books)
      .when({ ...spoilt, legs: [...spoilt.legs, leg('cash', 'nobody', '1.00')] })
      .thenRejected('UNKNOWN_ACCOUNT', 'legs[1].credit');
  });

  it('comes that its id was decided, even if it does not fit', () => {
    given(...books)
      .when({ ...spoilt, id: 'first', legs: [], now: NEXT_DAY })
      .thenDecidedAt(books.length - 2, ['legs', 'effectiveAt', 'reference']);
  });

  it('comes that there is no ledger', () => {
    given().when(spoilt).thenRejected('LEDGER_NOT_FOUND');
  });
});
