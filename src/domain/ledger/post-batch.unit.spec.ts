import { after, fold, given } from '../../../test/support/given-when-then.js';
import {
  NOON,
  accountCommands,
  ledgerOpened,
  leg,
  postTransfer,
} from '../../../test/support/ledger-factories.js';
import {
  BOOKS,
  EVENING,
  SALE,
  captureTransfer,
  holdTransfer,
  postBatch,
  written,
} from '../../../test/support/transfer-factories.js';
import { decide } from './decide.js';
import { BATCH_EVIDENCE_MAX, BATCH_TRANSFERS_MAX, EVENT_DATA_BYTES_MAX } from './post-batch.js';

const refused = (index: number, id: string, code: string) => ({ index, id, refusal: { code } });
const uniqueReferences = [
  ledgerOpened({ rules: { uniqueReferences: true, pastDaysMax: null, futureDaysMax: null } }),
  ...BOOKS.slice(1),
];

describe('an atomic batch', () => {
  it('is one event: all of its transfers, and what they left together', () => {
    const plain = { effectiveAt: NOON, recordedAt: NOON, reference: null, description: null };
    given(...BOOKS)
      .when(
        postBatch('b', [
          written('t1', [leg('wallet', 'shop', '10')]),
          written('t2', [leg('shop', 'fees', '4.5')], { pending: { expiresAt: EVENING } }),
        ]),
      )
      .then({
        type: 'BatchPosted',
        data: {
          id: 'b',
          transfers: [
            { id: 't1', legs: [leg('wallet', 'shop', '10.00')], ...plain, metadata: {} },
            {
              ...{ id: 't2', legs: [leg('shop', 'fees', '4.50')], ...plain, metadata: {} },
              pending: { expiresAt: EVENING },
            },
          ],
          recordedAt: NOON,
          balances: [
            {
              account: 'wallet',
              currency: 'EUR',
              version: 3,
              balance: '90.00',
              available: '90.00',
            },
            { account: 'shop', currency: 'EUR', version: 3, balance: '10.00', available: '5.50' },
            { account: 'fees', currency: 'EUR', version: 2, balance: '0.00', available: '0.00' },
          ],
        },
      });
  });

  it('lets later transfers see earlier ones: their money, and their versions', () => {
    const onlyFromSale = written('t2', [leg('shop', 'fees', '10.00')], {
      conditions: [{ account: 'shop', version: 2, balance: { eq: '10.00' } }],
    });
    given(...BOOKS)
      .when(postBatch('b', [written('t1'), onlyFromSale]))
      .thenEvent('BatchPosted', {});
    given(...BOOKS)
      .when(postBatch('b', [onlyFromSale, written('t1')]))
      .thenEvent('BatchRefused', { refusals: [refused(0, 't2', 'CONDITIONS_NOT_MET')] });
  });

  it('is refused as a whole: BATCH_REFUSED, with every transfer that failed', () => {
    const all = [leg('wallet', 'shop', '100.00')];
    const batch = postBatch('b', [written('t1', all), written('t2'), written('t3', all)]);
    given(...BOOKS)
      .when(batch)
      .thenEvent('BatchRefused', {
        id: 'b',
        transfers: [{ id: 't1' }, { id: 't2' }, { id: 't3' }],
        refusal: {
          code: 'BATCH_REFUSED',
          message: '2 of 3 transfers cannot be made.',
          evidence: { revision: 5, accounts: [] },
        },
        refusals: [refused(1, 't2', 'INSUFFICIENT_FUNDS'), refused(2, 't3', 'INSUFFICIENT_FUNDS')],
      });
  });

  it('that was refused changed nothing, and leaves the ids of its transfers free', () => {
    const batch = postBatch('b', [written('t1'), written('t2', [leg('wallet', 'shop', '100.00')])]);
    const history = after(BOOKS, batch);
    expect(fold(history).accounts.get('wallet')).toEqual(fold(BOOKS).accounts.get('wallet'));
    given(...history)
      .when(postTransfer('t1', SALE))
      .thenEvent('TransferPosted', {});
    given(...history)
      .when(captureTransfer('c', 't1'))
      .thenRejected('TRANSFER_NOT_FOUND');
  });

  it('takes a reference once, in a ledger where it is unique: REFERENCE_TAKEN', () => {
    const invoice = { reference: 'INV-1' };
    given(...uniqueReferences)
      .when(postBatch('b', [written('t1', SALE, invoice), written('t2', SALE, invoice)]))
      .thenEvent('BatchRefused', {
        refusals: [
          {
            ...{ index: 1, id: 't2' },
            refusal: {
              code: 'REFERENCE_TAKEN',
              // By the batch itself, which is the next event of the ledger.
              evidence: { reference: { reference: 'INV-1', revision: uniqueReferences.length } },
            },
          },
        ],
      });
    given(...after(uniqueReferences, postBatch('b', [written('t1', SALE, invoice)])))
      .when(postTransfer('t3', SALE, invoice))
      .thenEvent('TransferRefused', { refusal: { code: 'REFERENCE_TAKEN' } });
  });

  it('records the evidence of the first failing transfers, and the codes of all', () => {
    const many = Array.from({ length: BATCH_EVIDENCE_MAX + 2 }, (_, index) =>
      written(`t${index}`, [leg('shop', 'fees', '1.00')]),
    );
    const decision = decide(fold(BOOKS), postBatch('b', many));
    if (decision.kind !== 'event' || decision.event.type !== 'BatchRefused') throw new Error();
    const seen = decision.event.data.refusals.map(
      ({ refusal }) => refusal.evidence.accounts.length,
    );
    expect(seen).toEqual([...Array<number>(BATCH_EVIDENCE_MAX).fill(1), 0, 0]);
    expect(decision.event.data.refusals.at(-1)?.refusal.code).toBe('INSUFFICIENT_FUNDS');
  });

  it('is refused for an account that is closed or frozen', () => {
    given(...after(BOOKS, accountCommands('shop').close()))
      .when(postBatch('b', [written('t1'), written('t2', [leg('wallet', 'fees', '1.00')])]))
      .thenEvent('BatchRefused', { refusals: [refused(0, 't1', 'ACCOUNT_CLOSED')] });
  });
});

describe('a batch does not fit', () => {
  it.each([
    ['without transfers', [], 'INVALID_BATCH', ['transfers']],
    ['with the id of the batch inside', [written('b')], 'INVALID_BATCH', ['transfers[0].id']],
    ['with an id twice', [written('t'), written('t')], 'INVALID_BATCH', ['transfers[1].id']],
    ['with an id that is none', [written('t 1')], 'INVALID_TRANSFER', ['transfers[0].id']],
    ['with a transfer without legs', [written('t', [])], 'INVALID_TRANSFER', ['transfers[0].legs']],
    [
      'with several problems, all told at once',
      [written('t', [leg('wallet', 'nobody', '0')]), written('u', [leg('wallet', 'shop', '-1')])],
      'INVALID_AMOUNT',
      ['transfers[0].legs[0].amount', 'transfers[0].legs[0].credit', 'transfers[1].legs[0].amount'],
    ],
  ] as const)('%s', (_what, transfers, code, fields) => {
    given(...BOOKS)
      .when(postBatch('b', transfers))
      .thenRejected(code, ...fields);
  });

  it('without a ledger, or with an id that is none', () => {
    given()
      .when(postBatch('b', [written('t')]))
      .thenRejected('LEDGER_NOT_FOUND');
    given(...BOOKS)
      .when(postBatch('b b', [written('t')]))
      .thenRejected('INVALID_TRANSFER', 'id');
  });

  it(`with more than ${BATCH_TRANSFERS_MAX} transfers`, () => {
    const many = Array.from({ length: BATCH_TRANSFERS_MAX + 1 }, (_, index) =>
      written(`t${index}`),
    );
    given(...BOOKS)
      .when(postBatch('b', many))
      .thenRejected('INVALID_BATCH', 'transfers');
    given(...BOOKS)
      .when(
        postBatch(
          'b',
          many.slice(1).map((item) => ({ ...item, legs: [leg('cash', 'fees', '1')] })),
        ),
      )
      .thenEvent('BatchPosted', { balances: [{ balance: '1100.00' }, { balance: '1000.00' }] });
  });

  it('with an id that was decided before, as whatever: TRANSFER_ID_REUSED', () => {
    const acts = after(
      BOOKS,
      holdTransfer('h'),
      captureTransfer('c', 'h'),
      postBatch('old', [written('t')]),
    );
    for (const id of ['h', 'c', 'old', 't']) {
      given(...acts)
        .when(postBatch('b', [written(id)]))
        .thenRejected('TRANSFER_ID_REUSED', 'transfers[0].id');
    }
  });
});

describe('a batch that is too large for one event', () => {
  const padded = (description: string) => postBatch('b', [written('t', SALE, { description })]);
  const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8');
  const decision = decide(fold(BOOKS), padded(''));
  if (decision.kind !== 'event') throw new Error(JSON.stringify(decision));
  const room = EVENT_DATA_BYTES_MAX - bytesOf(JSON.stringify(decision.event.data));

  it.each(['x', 'é', '€', '😀'])('is turned away to the byte: %s', (letter) => {
    const letters = letter.repeat(Math.floor(room / bytesOf(letter)));
    const full = letters + 'x'.repeat(room - bytesOf(letters));
    given(...BOOKS)
      .when(padded(full))
      .thenEvent('BatchPosted', {});
    given(...BOOKS)
      .when(padded(`${full}x`))
      .thenRejected('BATCH_TOO_LARGE');
  });
});

describe('a repeated batch', () => {
  const conditions = [{ account: 'cash', version: 2 }];
  const transfers = [
    written('t1', [leg('wallet', 'shop', '10')]),
    written('t2', SALE, { conditions }),
  ];
  const posted = after(BOOKS, postBatch('b', transfers));

  it('leads to what was recorded, success and refusal alike', () => {
    given(...posted)
      .when(postBatch('b', [written('t1'), ...transfers.slice(1)]))
      .thenDecidedAt(6);
    const tooMuch = postBatch('b', [written('t', [leg('wallet', 'shop', '101')])]);
    given(...after(BOOKS, tooMuch))
      .when(tooMuch)
      .thenDecidedAt(6);
  });

  it('names what differs, transfer by transfer', () => {
    given(...posted)
      .when(postBatch('b', transfers.slice(1)))
      .thenDecidedAt(6, ['transfers']);
    given(...posted)
      .when(postBatch('b', [written('u', [leg('wallet', 'shop', '11')]), written('t2')]))
      .thenDecidedAt(6, [
        'transfers[0].id',
        'transfers[0].legs[0].amount',
        'transfers[1].conditions',
      ]);
  });

  it('is not repeated under the id of one of its transfers', () => {
    given(...posted)
      .when(postBatch('t1', transfers))
      .thenDecidedAt(6, ['type']);
    given(...posted)
      .when(postTransfer('t1', SALE))
      .thenDecidedAt(6, ['type']);
  });

  it('is another kind of request than a transfer with its id', () => {
    given(...posted)
      .when(postTransfer('b', SALE))
      .thenDecidedAt(6, ['type']);
    given(...after(BOOKS, postTransfer('b', SALE)))
      .when(postBatch('b', transfers))
      .thenDecidedAt(6, ['type']);
  });
});
