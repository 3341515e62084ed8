// Bad changes of an account: its rules, freezing, unfreezing, closing.
import { type RequestOptions } from '../../support/api.js';
import { tokenFor } from '../../support/tokens.js';
import { ACCOUNTS, type Case, LEDGER, badAt } from './case.js';

const CASH = `${ACCOUNTS}/cash`;
const atCash = badAt(`PATCH ${CASH}`);
const body = (fields: unknown): RequestOptions => ({ body: fields });
const noChange = (what: string, fields: unknown, field: string) =>
  atCash('400 INVALID_REQUEST', what, body(fields), field);
const noMatch = (what: string, header: string) => {
  const send = { body: { overdraftLimit: '5' }, headers: { 'if-match': header } };
  return atCash('400 INVALID_REQUEST', what, send, 'If-Match');
};
const why = { reason: 'because' };

/** The same for each of the three acts that need nothing but a reason. */
const acts = ['freeze', 'unfreeze', 'close'].flatMap((act): Case[] => {
  const bad = (what: string, fields: unknown, field: string) =>
    badAt(`${CASH}/${act}`)('400 INVALID_REQUEST', `${act}: ${what}`, body(fields), field);
  const at = (path: string, answer: string, what: string, send: RequestOptions = body(why)) =>
    badAt(`${path}/${act}`)(answer, `${act}: ${what}`, send);
  return [
    bad('no reason', {}, 'reason'),
    bad('an empty reason', { reason: '' }, 'reason'),
    bad('a reason of blanks', { reason: '  \n' }, 'reason'),
    bad('a reason that is a number', { reason: 1 }, 'reason'),
    bad('a reason of 501 characters', { reason: 'x'.repeat(501) }, 'reason'),
    bad('a reason with a NUL', { reason: 'a\u0000' }, 'reason'),
    bad('an unknown field', { ...why, reson: '' }, 'reson'),
    bad('a list', [], 'body'),
    badAt(`${ACCOUNTS}/my%20cash/${act}`)(
      '400 INVALID_REQUEST',
      `${act}: an address with a space`,
      body(why),
      'address',
    ),
    at(`${ACCOUNTS}/nobody`, '404 ACCOUNT_NOT_FOUND', 'an unknown account'),
    at('/v1/ledgers/nowhere/accounts/cash', '404 LEDGER_NOT_FOUND', 'an unknown ledger'),
    at(CASH, '403 FORBIDDEN', 'a reader', { ...body(why), token: tokenFor('reader') }),
    at(CASH, '403 FORBIDDEN', 'an auditor', { ...body(why), token: tokenFor('auditor') }),
    at(CASH, '404 LEDGER_NOT_FOUND', 'a token of another ledger', {
      ...body(why),
      token: tokenFor('operator', ['other']),
    }),
    badAt(`GET ${CASH}/${act}`)('405 METHOD_NOT_ALLOWED', `${act}: a GET`, {}),
  ];
});

export const CHANGES: Case[] = [
  noChange('a limit that is a number', { overdraftLimit: 5 }, 'overdraftLimit'),
  noChange(
    'a limit that cannot be written',
    { overdraftLimit: { toString: '' } },
    'overdraftLimit',
  ),
  noChange('a limit that is a list', { balanceLimit: ['5'] }, 'balanceLimit'),
  noChange('metadata that is a text', { metadata: 'gold' }, 'metadata'),
  noChange('metadata with a number', { metadata: { tier: 1 } }, 'metadata.tier'),
  noChange('a field that is for ever', { currency: 'USD' }, 'currency'),
  noChange('a status', { status: 'closed' }, 'status'),
  noChange('null', null, 'body'),
  atCash('400 INVALID_ACCOUNT', 'a limit below 0', body({ balanceLimit: '-1' }), 'balanceLimit'),
  atCash(
    '400 INVALID_ACCOUNT',
    'a limit finer than a cent',
    body({ overdraftLimit: '0.001' }),
    'overdraftLimit',
  ),
  noMatch('an If-Match that is no version', '"abc"'),
  noMatch('a weak tag', 'W/"1"'),
  noMatch('several tags', '"1", "2"'),
  noMatch('an If-Match of half a quote', '"1'),
  atCash('412 VERSION_MISMATCH', 'a version that is not there yet', {
    body: { overdraftLimit: '5' },
    headers: { 'if-match': '"9"' },
  }),
  badAt(`PATCH ${ACCOUNTS}/nobody`)('404 ACCOUNT_NOT_FOUND', 'an unknown account', body({})),
  badAt('PATCH /v1/ledgers/nowhere/accounts/cash')(
    '404 LEDGER_NOT_FOUND',
    'an unknown ledger',
    body({}),
  ),
  atCash('403 FORBIDDEN', 'a reader', { ...body({}), token: tokenFor('reader', [LEDGER]) }),
  badAt(`${CASH}/freeze`)(
    '400 INVALID_REQUEST',
    'a freeze of credits',
    body({ ...why, freeze: 'credits' }),
    'freeze',
  ),
  ...acts,
];
