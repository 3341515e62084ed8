// Bad exchanges, and bad questions for explanations.
import { type RequestOptions } from '../../support/api.js';
import { tokenFor } from '../../support/tokens.js';
import { type Case, HELD, LEDGER, TRANSFERS, badAt } from './case.js';

const EXCHANGE = {
  ...{ from: 'cash', to: 'yen', via: { sell: 'world', buy: 'pool:yen' } },
  ...{ sell: '1.00', rate: '163.25', rounding: { account: 'rest:yen' } },
};
const bad = badAt(`/v1/ledgers/${LEDGER}/exchanges`);
const exchange = (change: object): RequestOptions => ({ body: { ...EXCHANGE, ...change } });
const long = (length: number) => 'x'.repeat(length);
const invalid = (what: string, change: object, field: string) =>
  bad('400 INVALID_REQUEST', what, exchange(change), field);
const unfit = (answer: string, what: string, change: object, field: string) =>
  bad(answer, what, exchange(change), field);
const via = (change: object) => ({ via: { ...EXCHANGE.via, ...change } });

const addresses = ['from', 'to'].flatMap((field): Case[] => [
  invalid(`no ${field}`, { [field]: undefined }, field),
  invalid(`${field} with a space`, { [field]: 'my cash' }, field),
  invalid(`${field} that is a number`, { [field]: 4 }, field),
  unfit('422 UNKNOWN_ACCOUNT', `an unknown ${field}`, { [field]: 'nobody' }, field),
]);

const amounts = ['sell', 'buy'].flatMap((field): Case[] => {
  const only = (value: unknown) => ({ sell: undefined, buy: undefined, [field]: value });
  return [
    ...[1, 1.5, true, [], {}, '1'.repeat(101)].map((value) =>
      invalid(`${field}: ${JSON.stringify(value).slice(0, 9)}`, only(value), field),
    ),
    ...['', '0', '-1', '+1', '1e3', 'NaN', '1.001', '1'.repeat(31), '１'].map((value) =>
      unfit('400 INVALID_AMOUNT', `${field}: ${JSON.stringify(value)}`, only(value), field),
    ),
  ];
});

const rates: Case[] = [
  ...[undefined, null, 1, 163.25, true, [], '1'.repeat(101)].map((rate) =>
    invalid(`the rate ${JSON.stringify(rate)?.slice(0, 9)}`, { rate }, 'rate'),
  ),
  ...['', '0', '0.000', '-1', '1e3', 'NaN', 'Infinity', '01', '1.', '1'.repeat(19)].map((rate) =>
    unfit('400 INVALID_AMOUNT', `the rate ${JSON.stringify(rate)}`, { rate }, 'rate'),
  ),
  unfit('400 INVALID_AMOUNT', 'a rate of 19 decimals', { rate: `0.${'1'.repeat(19)}` }, 'rate'),
  unfit('400 INVALID_AMOUNT', 'a rate that leaves nothing', { rate: '0.001' }, 'sell'),
  unfit(
    '400 INVALID_AMOUNT',
    'a rate that leaves far too much',
    { sell: '9'.repeat(30), rate: '9'.repeat(18) },
    'sell',
  ),
];

const accounts: Case[] = [
  ...[undefined, null, 'world', [], 7].flatMap((value) => [
    invalid(`via that is ${JSON.stringify(value)}`, { via: value }, 'via'),
    invalid(`rounding that is ${JSON.stringify(value)}`, { rounding: value }, 'rounding'),
  ]),
  invalid('via without sell', { via: { buy: 'pool:yen' } }, 'via.sell'),
  invalid('via without buy', { via: { sell: 'world' } }, 'via.buy'),
  invalid('via with an unknown field', via({ hold: 'world' }), 'via.hold'),
  invalid('via with a bad address', via({ sell: 'my world' }), 'via.sell'),
  invalid('rounding without account', { rounding: {} }, 'rounding.account'),
  ...['half', 'HALF-EVEN', 7, true].map((mode) =>
    invalid(
      `the rounding mode ${JSON.stringify(mode)}`,
      { rounding: { account: 'rest:yen', mode } },
      'rounding.mode',
    ),
  ),
  invalid(
    'rounding with an unknown field',
    { rounding: { account: 'rest:yen', digits: 2 } },
    'rounding.digits',
  ),
  unfit('422 UNKNOWN_ACCOUNT', 'an unknown via.sell', via({ sell: 'no' }), 'via.sell'),
  unfit('422 UNKNOWN_ACCOUNT', 'an unknown via.buy', via({ buy: 'no' }), 'via.buy'),
  unfit(
    '422 UNKNOWN_ACCOUNT',
    'an unknown rounding account',
    { rounding: { account: 'no' } },
    'rounding.account',
  ),
  unfit('422 CURRENCY_MISMATCH', 'via.sell in yen', via({ sell: 'pool:yen' }), 'via.sell'),
  unfit('422 CURRENCY_MISMATCH', 'via.buy in euros', via({ buy: 'world' }), 'via.buy'),
  unfit(
    '422 CURRENCY_MISMATCH',
    'rounding in euros',
    { rounding: { account: 'world' } },
    'rounding.account',
  ),
  unfit(
    '422 CURRENCY_MISMATCH',
    'euros for euros',
    { to: 'world', via: { sell: 'world', buy: 'cash' }, rounding: { account: 'world' } },
    'to',
  ),
  unfit('400 SAME_ACCOUNT', 'via.sell that pays', via({ sell: 'cash' }), 'via.sell'),
  unfit('400 SAME_ACCOUNT', 'via.buy that gets', via({ buy: 'yen' }), 'via.buy'),
  unfit(
    '400 SAME_ACCOUNT',
    'rounding into via.buy',
    { rounding: { account: 'pool:yen' } },
    'rounding.account',
  ),
];

export const EXCHANGES: Case[] = [
  ...addresses,
  ...amounts,
  ...rates,
  ...accounts,
  invalid('neither sell nor buy', { sell: undefined }, 'sell'),
  invalid('sell and buy', { buy: '1' }, 'sell'),
  invalid('an id with a slash', { id: 'a/b' }, 'id'),
  invalid('a source of 201 characters', { source: long(201) }, 'source'),
  invalid('a source that is empty', { source: '' }, 'source'),
  invalid('a reference of 201 characters', { reference: long(201) }, 'reference'),
  invalid('a description with a NUL', { description: 'a\u0000b' }, 'description'),
  invalid('metadata with a number', { metadata: { a: 1 } }, 'metadata.a'),
  invalid('a time without offset', { effectiveAt: '2026-01-15T09:30:00' }, 'effectiveAt'),
  invalid('conditions that are an object', { conditions: {} }, 'conditions'),
  invalid('an unknown field', { amount: '1' }, 'amount'),
  invalid('pending', { pending: {} }, 'pending'),
  bad('400 INVALID_REQUEST', 'a list', { body: [] }, 'body'),
  bad('400 INVALID_REQUEST', 'no body', {}, 'body'),
  bad('413 BODY_TOO_LARGE', '2 MB', exchange({ source: long(2_000_000) }), 'body'),
  bad('409 TRANSFER_ID_REUSED', 'the id of a transfer', exchange({ id: HELD }), 'type'),
  bad('403 FORBIDDEN', 'a reader', { ...exchange({}), token: tokenFor('reader') }),
  badAt(`/v1/ledgers/nowhere/exchanges`)('404 LEDGER_NOT_FOUND', 'an unknown ledger', exchange({})),
  badAt(`GET /v1/ledgers/${LEDGER}/exchanges`)('405 METHOD_NOT_ALLOWED', 'a GET', {}),
];

const why = (id: string, ledger = LEDGER) =>
  badAt(`GET /v1/ledgers/${ledger}/transfers/${id}/explain`);

export const EXPLANATIONS: Case[] = [
  why('nothing')('404 TRANSFER_NOT_FOUND', 'why nothing', {}),
  why('cash')('404 TRANSFER_NOT_FOUND', 'why an account', {}),
  why(HELD, 'nowhere')('404 LEDGER_NOT_FOUND', 'why in an unknown ledger', {}),
  why('a%20b')('400 INVALID_REQUEST', 'why an id with a space', {}, 'transfer'),
  why('x'.repeat(65))('400 INVALID_REQUEST', 'why an id of 65 characters', {}, 'transfer'),
  why(HELD)('404 LEDGER_NOT_FOUND', 'why in a ledger out of reach', {
    token: tokenFor('reader', ['other']),
  }),
  why(HELD)('401 UNAUTHENTICATED', 'why without a token', { token: null }),
  badAt(`${TRANSFERS}/${HELD}/explain`)('405 METHOD_NOT_ALLOWED', 'why with a POST', {}),
];
