// Bad accounts and ledgers, bad tokens, bad paths.
import { type RequestOptions } from '../../support/api.js';
import { signed, tokenFor, unsigned } from '../../support/tokens.js';
import { ACCOUNTS, type Case, LEDGER, LEDGERS, TRANSFERS, badAt, transfer } from './case.js';

const atAccounts = badAt(ACCOUNTS);
const account = (change: Record<string, unknown>): RequestOptions => ({
  body: { address: 'new', type: 'asset', currency: 'EUR', ...change },
});
const noAccount = (what: string, change: Record<string, unknown>, field: string) =>
  atAccounts('400 INVALID_REQUEST', what, account(change), field);

const atLedgers = badAt(LEDGERS);
const ledger = (change: Record<string, unknown>): RequestOptions => ({
  body: { id: 'main', name: 'Main', ...change },
});
const noLedger = (what: string, change: Record<string, unknown>, field: string) =>
  atLedgers('400 INVALID_REQUEST', what, ledger(change), field);

export const ACCOUNTS_AND_LEDGERS: Case[] = [
  noAccount('an account without type', { type: undefined }, 'type'),
  noAccount('an account of an unknown type', { type: 'savings' }, 'type'),
  noAccount('an account at an address with a space', { address: 'a b' }, 'address'),
  noAccount('an overdraft limit that is a number', { overdraftLimit: 5 }, 'overdraftLimit'),
  atAccounts(
    '400 INVALID_ACCOUNT',
    'an overdraft limit below zero',
    account({ overdraftLimit: '-5' }),
    'overdraftLimit',
  ),
  atAccounts('400 UNKNOWN_CURRENCY', 'no currency', account({ currency: 'EUX' }), 'currency'),
  atAccounts(
    '409 ACCOUNT_EXISTS',
    'an account that exists, differently',
    account({ address: 'cash', currency: 'USD' }),
    'currency',
  ),
  noLedger('a ledger id in capitals', { id: 'Main' }, 'id'),
  noLedger('a ledger without a name', { name: undefined }, 'name'),
  noLedger('a scale of 19', { assets: [{ code: 'BTC', scale: 19 }] }, 'assets[0].scale'),
  noLedger('a scale that is a text', { assets: [{ code: 'BTC', scale: '8' }] }, 'assets[0].scale'),
  atLedgers(
    '400 INVALID_LEDGER',
    'an asset that is a currency',
    ledger({ assets: [{ code: 'EUR', scale: 2 }] }),
    'assets[0].code',
  ),
  atLedgers(
    '409 LEDGER_EXISTS',
    'a ledger that exists, differently',
    ledger({ id: LEDGER }),
    'name',
  ),
];

const HOUR_S = 3_600;
const now = Math.floor(Date.now() / 1_000);
const claims = { sub: 'someone', role: 'operator', ledgers: [LEDGER] };
const atTransfers = badAt(TRANSFERS);
const as = (token: string | null, headers = {}): RequestOptions => ({
  ...transfer({}),
  token,
  headers,
});
const nobody = (what: string, send: RequestOptions) =>
  atTransfers('401 UNAUTHENTICATED', what, send, 'Authorization');

export const CALLERS: Case[] = [
  nobody('no token', as(null)),
  nobody('a token that is none', as('abc')),
  nobody('a token of three empty parts', as('..')),
  nobody('an expired token', as(signed({ ...claims, exp: now - HOUR_S }))),
  nobody('a token not valid yet', as(signed({ ...claims, nbf: now + HOUR_S }))),
  nobody('a forged token', as(signed(claims, 'another secret, as long as the true one is'))),
  nobody('alg: none', as(unsigned(claims))),
  nobody('a token without subject', as(signed({ ...claims, sub: undefined }))),
  nobody('a token with an unknown role', as(signed({ ...claims, role: 'root' }))),
  nobody('a token with a role of Object', as(signed({ ...claims, role: 'toString' }))),
  nobody('a token whose ledgers are a text', as(signed({ ...claims, ledgers: LEDGER }))),
  nobody('basic authentication', as(null, { authorization: 'Basic YTpi' })),
  atTransfers('403 FORBIDDEN', 'a role that only reads', as(tokenFor('reader'))),
  atTransfers('403 FORBIDDEN', 'an auditor who posts', as(tokenFor('auditor'))),
  atLedgers('403 FORBIDDEN', 'an operator who opens a ledger', {
    ...ledger({}),
    token: tokenFor('operator'),
  }),
  atTransfers(
    '404 LEDGER_NOT_FOUND',
    'a ledger that the token does not name',
    as(tokenFor('operator', ['other'])),
  ),
  badAt('/v1/ledgers/nowhere/transfers')(
    '404 LEDGER_NOT_FOUND',
    'a ledger that is not there',
    transfer({}),
  ),
  badAt('/v1/ledgers/No%20Where%00/transfers')(
    '404 LEDGER_NOT_FOUND',
    'a ledger that cannot be there',
    transfer({}),
  ),
];

const unreadable = (what: string, part: string) =>
  badAt(`/v1/ledgers/${part}/transfers`)('400 INVALID_URL', what, transfer({}), 'path');

export const PATHS: Case[] = [
  badAt('/v1/nothing')('404 ROUTE_NOT_FOUND', 'a path that leads nowhere', { body: {} }),
  badAt('DELETE /v1/ledgers')('405 METHOD_NOT_ALLOWED', 'a method that the path has not', {}),
  unreadable('a broken percent-encoding', '%E0%A4%A'),
  unreadable('a lone percent sign', '%'),
  unreadable('an endless path', 'x'.repeat(2_000)),
];

const asking = (what: string, path: string, field: string) =>
  badAt(`GET /v1/ledgers/${LEDGER}/${path}`)('400 INVALID_REQUEST', what, {}, field);

export const QUESTIONS: Case[] = [
  asking('limit=0', 'accounts?limit=0', 'limit'),
  asking('limit=501', 'transfers?limit=501', 'limit'),
  asking('limit=ten', 'events?limit=ten', 'limit'),
  asking('two limits', 'accounts?limit=1&limit=2', 'limit'),
  asking('an unknown parameter', 'accounts?colour=red', 'colour'),
  asking('a revision below zero', 'accounts?minRevision=-1', 'minRevision'),
  asking('an address with a space', 'accounts/my%20cash', 'address'),
  asking('an address of 256 characters', `accounts/${'x'.repeat(256)}`, 'address'),
  asking('a transfer id with a space', 'transfers/a%20b', 'transfer'),
  ...['accounts', 'transfers', 'accounts/cash/entries', 'events'].map((list) =>
    badAt(`GET /v1/ledgers/${LEDGER}/${list}?cursor=bm9uc2Vuc2U`)(
      '400 INVALID_CURSOR',
      `a bad cursor for ${list}`,
      {},
      'cursor',
    ),
  ),
];
