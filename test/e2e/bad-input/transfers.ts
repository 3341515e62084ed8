// Bad transfers: bodies that are none, amounts that are none, fields that do not fit.
import { type RequestOptions } from '../../support/api.js';
import { type Case, GOOD, TRANSFERS, badAt, transfer } from './case.js';

const bad = badAt(TRANSFERS);
const notJson = (what: string, send: RequestOptions) => bad('400 INVALID_JSON', what, send, 'body');
const invalid = (what: string, send: RequestOptions, field: string) =>
  bad('400 INVALID_REQUEST', what, send, field);
const badAmount = (amount: string) =>
  bad('400 INVALID_AMOUNT', `the amount ${JSON.stringify(amount)}`, transfer({ amount }), 'amount');
const notRead = (what: string, mediaType: string) => {
  const send = { raw: '{}', headers: { 'content-type': mediaType } };
  return bad('415 UNSUPPORTED_MEDIA_TYPE', what, send, 'Content-Type');
};
const raw = (text: string | Uint8Array<ArrayBuffer>): RequestOptions => ({ raw: text });
const legs = (...changes: Record<string, unknown>[]): RequestOptions => ({
  body: { legs: changes.map((change) => ({ ...GOOD, ...change })) },
});
const withHeader = (name: string, value: string, change = {}): RequestOptions => ({
  ...transfer(change),
  headers: { [name]: value },
});
const long = (length: number) => 'x'.repeat(length);
const nested = (open: string, inner: string, close: string, depth: number) =>
  raw(open.repeat(depth) + inner + close.repeat(depth));
const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, '']));

export const BODIES: Case[] = [
  notJson('a body that is cut off', raw('{"debit": "cash"')),
  notJson('a body that is not JSON at all', raw('amount=1')),
  notJson('NaN as a number', raw('{"amount": NaN}')),
  notJson('an empty body', { headers: { 'content-type': 'application/json' } }),
  notJson('a body with __proto__', raw('{"__proto__": {"id": "x"}}')),
  notJson('a body with constructor.prototype', raw('{"constructor": {"prototype": {"a": 1}}}')),
  notJson('a body in Latin-1', raw(new Uint8Array(Buffer.from('{"id": "Café"}', 'latin1')))),
  invalid('no body and no media type', {}, 'body'),
  invalid('null', raw('null'), 'body'),
  invalid('a list', raw('[]'), 'body'),
  invalid('a text', raw('"cash"'), 'body'),
  invalid('a number', raw('17'), 'body'),
  invalid('nothing in the body', raw('{}'), 'debit'),
  invalid('lists in lists, 200,000 deep', nested('[', '', ']', 200_000), 'body'),
  invalid('objects in objects, 100,000 deep', nested('{"x":', '1', '}', 100_000), 'x'),
  invalid('a constructor in an unknown field', raw('{"x": {"constructor": "y"}}'), 'x'),
  invalid('a field named constructor', transfer({ constructor: 1 }), 'constructor'),
  invalid('a field named toString', transfer({ toString: 1 }), 'toString'),
  bad('413 BODY_TOO_LARGE', 'a body of 2 MB', transfer({ description: long(2_000_000) }), 'body'),
  notRead('a form', 'application/x-www-form-urlencoded'),
  notRead('plain text', 'text/plain'),
  notRead('a media type that is none', '/'),
];

export const AMOUNTS: Case[] = [
  ...['0', '0.00', '-1.00', '+1', '1e3', 'NaN', 'Infinity', '1'.repeat(40), '1.001'].map(badAmount),
  ...['', ' 1', '01', '.5', '1.', '1,00', '0x10', '１', '1\u0000'].map(badAmount),
  bad(
    '400 INVALID_AMOUNT',
    'a part of a yen',
    transfer({ debit: 'yen', currency: 'JPY', amount: '1.5' }),
    'amount',
  ),
  ...[1, 1.5, null, true, [], {}, ['1.00']].map((amount) =>
    invalid(`the amount ${JSON.stringify(amount)}, not a text`, transfer({ amount }), 'amount'),
  ),
  invalid('an amount of 1,000 digits', transfer({ amount: '1'.repeat(1_000) }), 'amount'),
  invalid('no amount', transfer({ amount: undefined }), 'amount'),
];

export const FIELDS: Case[] = [
  bad('400 UNKNOWN_CURRENCY', 'an unknown currency', transfer({ currency: 'EUX' }), 'currency'),
  bad('422 CURRENCY_MISMATCH', 'dollars into euros', transfer({ currency: 'USD' }), 'currency'),
  bad('400 SAME_ACCOUNT', 'an account to itself', transfer({ credit: 'cash' }), 'credit'),
  bad('422 UNKNOWN_ACCOUNT', 'an unknown account', transfer({ debit: 'nobody' }), 'debit'),
  bad('400 INVALID_AMOUNT', 'a second leg of zero', legs({}, { amount: '0' }), 'legs[1].amount'),
  invalid('an address with a space', transfer({ debit: 'my cash' }), 'debit'),
  invalid('an address of 11 segments', transfer({ debit: 'a:b:c:d:e:f:g:h:i:j:k' }), 'debit'),
  invalid('an address that is a number', transfer({ debit: 4 }), 'debit'),
  invalid('an unknown field', transfer({ ammount: '1' }), 'ammount'),
  invalid('a setting that there is not', transfer({ dryRun: true }), 'dryRun'),
  invalid('an id with a slash', transfer({ id: 'a/b' }), 'id'),
  invalid('an id of 65 characters', transfer({ id: long(65) }), 'id'),
  invalid('a reference of 201 characters', transfer({ reference: long(201) }), 'reference'),
  invalid('a description with a NUL', transfer({ description: 'a\u0000b' }), 'description'),
  invalid('half a character', raw(JSON.stringify({ ...GOOD, reference: '\ud83d' })), 'reference'),
  invalid('no offset', transfer({ effectiveAt: '2026-01-15T09:30:00' }), 'effectiveAt'),
  invalid('30 February', transfer({ effectiveAt: '2026-02-30T00:00:00Z' }), 'effectiveAt'),
  invalid('a date alone', transfer({ effectiveAt: '2026-01-15' }), 'effectiveAt'),
  invalid('metadata that is a list', transfer({ metadata: ['a'] }), 'metadata'),
  invalid('metadata with a number', transfer({ metadata: { a: 1 } }), 'metadata.a'),
  invalid('metadata with 17 keys', transfer({ metadata: keys(17) }), 'metadata'),
  invalid('a key of 41 characters', transfer({ metadata: { [long(41)]: '' } }), 'metadata'),
  invalid('a value of 501 characters', transfer({ metadata: { a: long(501) } }), 'metadata.a'),
  invalid('legs beside a leg', transfer({ legs: [GOOD] }), 'legs'),
  invalid('no legs', legs(), 'legs'),
  invalid('101 legs', legs(...Array.from({ length: 101 }, () => ({}))), 'legs'),
  invalid('legs that are not a list', { body: { legs: GOOD } }, 'legs'),
  invalid('a leg that is null', { body: { legs: [GOOD, null] } }, 'legs[1]'),
  invalid('a leg inside a list', { body: { legs: [[GOOD]] } }, 'legs[0]'),
  invalid('a leg without amount', legs({}, { amount: undefined }), 'legs[1].amount'),
  invalid('an unknown field of a leg', legs({ memo: 'x' }), 'legs[0].memo'),
  invalid('an id and a key', withHeader('idempotency-key', 'k', { id: 'x' }), 'id'),
  invalid('a key too long', withHeader('idempotency-key', long(256)), 'Idempotency-Key'),
  invalid('a request id with a space', withHeader('x-request-id', 'a b'), 'X-Request-Id'),
];
