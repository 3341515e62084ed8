// Bad batches, atomic and not.
import { type RequestOptions } from '../../support/api.js';
import { tokenFor } from '../../support/tokens.js';
import { type Case, GOOD, HELD, LEDGER, TRANSFERS, badAt } from './case.js';

const bad = badAt(`${TRANSFERS}/batch`);
const TRANSFERS_MAX = 1_000;
const long = (length: number) => 'x'.repeat(length);
const batch = (atomic: boolean, transfers: unknown, change: object = {}): RequestOptions => ({
  body: { atomic, transfers, ...change },
});
const many = (length: number, change: object = {}) =>
  Array.from({ length }, () => ({ ...GOOD, ...change }));
const invalid = (what: string, send: RequestOptions, field: string) =>
  bad('400 INVALID_REQUEST', what, send, field);

/** What is wrong for both kinds alike. */
const both = [true, false].flatMap((atomic): Case[] => {
  const kind = atomic ? 'atomic' : 'each for itself';
  const wrong = (what: string, transfers: unknown, field: string) =>
    invalid(`${kind}: ${what}`, batch(atomic, transfers), field);
  const item = (what: string, change: object, field: string) =>
    wrong(what, [GOOD, { ...GOOD, ...change }], `transfers[1].${field}`);
  return [
    wrong('no list', undefined, 'transfers'),
    wrong('null', null, 'transfers'),
    wrong('an object', GOOD, 'transfers'),
    wrong('a text', 'all', 'transfers'),
    wrong('an empty list', [], 'transfers'),
    wrong('1,001 transfers', many(TRANSFERS_MAX + 1), 'transfers'),
    wrong('a transfer that is null', [GOOD, null], 'transfers[1]'),
    wrong('a transfer that is a list', [[GOOD]], 'transfers[0]'),
    wrong('a batch in a batch', [batch(true, [GOOD]).body], 'transfers[0].atomic'),
    item('no amount', { amount: undefined }, 'amount'),
    item(
      'no leg at all',
      { ...{ debit: undefined, credit: undefined, amount: undefined } },
      'debit',
    ),
    item('an amount that is a number', { amount: 1.5 }, 'amount'),
    item('an unknown field', { ammount: '1' }, 'ammount'),
    item('an id with a slash', { id: 'a/b' }, 'id'),
    item('an id that is a number', { id: 1 }, 'id'),
    item('an id of 65 characters', { id: long(65) }, 'id'),
    item('legs beside a leg', { legs: [GOOD] }, 'legs'),
    item('a time without offset', { effectiveAt: '2026-01-15T09:30:00' }, 'effectiveAt'),
    item('pending that is true', { pending: true }, 'pending'),
    item('an unknown condition', { conditions: [{ acount: 'cash' }] }, 'conditions[0].acount'),
    item('metadata with a number', { metadata: { a: 1 } }, 'metadata.a'),
    wrong(
      'legs without amount',
      [{ legs: [{ ...GOOD, amount: null }] }],
      'transfers[0].legs[0].amount',
    ),
    invalid(
      `${kind}: an id and a key`,
      { ...batch(atomic, [GOOD], { id: 'x' }), headers: { 'idempotency-key': 'k' } },
      'id',
    ),
    invalid(
      `${kind}: a key too long`,
      { ...batch(atomic, [GOOD]), headers: { 'idempotency-key': long(256) } },
      'Idempotency-Key',
    ),
    invalid(`${kind}: an unknown field`, batch(atomic, [GOOD], { all: true }), 'all'),
    bad('403 FORBIDDEN', `${kind}: a reader`, {
      ...batch(atomic, [GOOD]),
      token: tokenFor('reader'),
    }),
    bad('404 LEDGER_NOT_FOUND', `${kind}: a token of another ledger`, {
      ...batch(atomic, [GOOD]),
      token: tokenFor('operator', ['other']),
    }),
    badAt('/v1/ledgers/nowhere/transfers/batch')(
      '404 LEDGER_NOT_FOUND',
      `${kind}: an unknown ledger`,
      batch(atomic, [GOOD]),
    ),
    bad(
      '413 BODY_TOO_LARGE',
      `${kind}: 3 MB`,
      batch(atomic, [GOOD], { id: long(3_000_000) }),
      'body',
    ),
  ];
});

const atomic = (answer: string, what: string, transfers: object[], field: string) =>
  bad(answer, `atomic: ${what}`, batch(true, transfers), field);

export const BATCHES: Case[] = [
  ...both,
  ...[undefined, null, 'true', 1, [], {}].map((value) =>
    invalid(
      `atomic that is ${JSON.stringify(value)}`,
      { body: { atomic: value, transfers: [GOOD] } },
      'atomic',
    ),
  ),
  invalid('no body', {}, 'body'),
  invalid('a list', { body: [GOOD] }, 'body'),
  invalid('an id of one that is not atomic', batch(false, [GOOD], { id: 'x' }), 'id'),
  invalid('an id that is a number', batch(true, [GOOD], { id: 7 }), 'id'),
  atomic('400 INVALID_AMOUNT', 'an amount of 0', many(2, { amount: '0' }), 'transfers[1].amount'),
  atomic(
    '400 UNKNOWN_CURRENCY',
    'an unknown currency',
    many(2, { currency: 'EUX' }),
    'transfers[1].currency',
  ),
  atomic('400 SAME_ACCOUNT', 'to itself', many(1, { credit: 'cash' }), 'transfers[0].credit'),
  atomic('422 UNKNOWN_ACCOUNT', 'nobody', [GOOD, { ...GOOD, debit: 'no' }], 'transfers[1].debit'),
  atomic(
    '422 CURRENCY_MISMATCH',
    'dollars into euros',
    [GOOD, { legs: [GOOD, { ...GOOD, currency: 'USD' }] }],
    'transfers[1].legs[1].currency',
  ),
  atomic('400 INVALID_BATCH', 'an id twice', many(2, { id: 'twice' }), 'transfers[1].id'),
  atomic('409 TRANSFER_ID_REUSED', 'an id that is taken', many(1, { id: HELD }), 'transfers[0].id'),
  bad(
    '409 TRANSFER_ID_REUSED',
    'atomic: the id of a transfer',
    batch(true, [GOOD], { id: HELD }),
    'type',
  ),
  bad(
    '400 INVALID_BATCH',
    'atomic: a transfer with the id of the batch',
    batch(true, [{ ...GOOD, id: 'same' }], { id: 'same' }),
    'transfers[0].id',
  ),
  badAt(`GET ${TRANSFERS}/batch`)('503 READ_MODEL_UNAVAILABLE', 'a GET asks for a transfer', {}),
  badAt(`/v1/ledgers/${LEDGER}/transfers/batch?dryRun=perhaps`)(
    '400 INVALID_REQUEST',
    'a dry run that may be none',
    batch(true, [GOOD]),
    'dryRun',
  ),
];
