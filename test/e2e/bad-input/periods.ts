// Bad rules of a ledger, bad periods.
import { tokenFor } from '../../support/tokens.js';
import { type Case, LEDGER, LEDGERS, NOT_A_NUMBER, badAt } from './case.js';

const rule = (what: string, rules: unknown, field: string) =>
  badAt(LEDGERS)('400 INVALID_REQUEST', what, { body: { id: 'main', name: 'Main', rules } }, field);

export const RULES: Case[] = [
  rule('rules that are a list', [], 'rules'),
  rule('rules that are a text', 'strict', 'rules'),
  rule('an unknown rule', { noRefunds: true }, 'rules.noRefunds'),
  rule('a rule named constructor', { constructor: true }, 'rules.constructor'),
  rule('uniqueReferences that is a text', { uniqueReferences: 'yes' }, 'rules.uniqueReferences'),
  rule('uniqueReferences that is 1', { uniqueReferences: 1 }, 'rules.uniqueReferences'),
  ...(['pastDaysMax', 'futureDaysMax'] as const).flatMap((field) => [
    rule(`${field} of 36,526`, { [field]: 36_526 }, `rules.${field}`),
    ...NOT_A_NUMBER.map(([what, days]) =>
      rule(`${field}: ${what}`, { [field]: days }, `rules.${field}`),
    ),
  ]),
];

const at = (act: string, ledger = LEDGER) => badAt(`/v1/ledgers/${ledger}/periods/${act}`);
const why = { reason: 'because' };
const NOT_DAYS = ['', '2026-02-30', '2026-1-1', '2026-01-15T00:00:00Z', '0000-01-01', '٢٠٢٦-01-01'];
const NEITHER = [1_800_000_000, true, [], {}];

const both = (
  [
    ['close', 'through', '2026-01-31'],
    ['reopen', 'closedThrough', null],
  ] as const
).flatMap(([act, field, day]): Case[] => {
  const good = { body: { ...why, [field]: day } };
  const bad = (what: string, change: object, wrong: string) =>
    at(act)('400 INVALID_REQUEST', `${act}: ${what}`, { body: { ...good.body, ...change } }, wrong);
  return [
    bad('no day', { [field]: undefined }, field),
    ...[...NOT_DAYS, ...NEITHER].map((wrong) =>
      bad(`the day ${JSON.stringify(wrong)}`, { [field]: wrong }, field),
    ),
    bad('no reason', { reason: undefined }, 'reason'),
    bad('a reason of blanks', { reason: ' ' }, 'reason'),
    bad('an unknown field', { from: '2026-01-01' }, 'from'),
    at(act)('400 INVALID_REQUEST', `${act}: a list`, { body: [] }, 'body'),
    at(act, 'nowhere')('404 LEDGER_NOT_FOUND', `${act}: an unknown ledger`, good),
    at(act)('403 FORBIDDEN', `${act}: a reader`, { ...good, token: tokenFor('reader') }),
    at(act)('403 FORBIDDEN', `${act}: an auditor`, { ...good, token: tokenFor('auditor') }),
  ];
});

export const PERIODS: Case[] = [
  ...both,
  at('close')('400 INVALID_REQUEST', 'close: null', { body: { ...why, through: null } }, 'through'),
  at('close')(
    '400 INVALID_PERIOD',
    'close: a day to come',
    { body: { ...why, through: '9999-12-31' } },
    'through',
  ),
  at('reopen')(
    '400 INVALID_PERIOD',
    'reopen: a day that is not closed',
    { body: { ...why, closedThrough: '2026-01-31' } },
    'closedThrough',
  ),
  at('reopen')('403 FORBIDDEN', 'reopen: an operator', {
    body: { ...why, closedThrough: null },
    token: tokenFor('operator'),
  }),
];
