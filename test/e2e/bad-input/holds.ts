// Bad pending, conditions and expected versions of a transfer.
import { type RequestOptions } from '../../support/api.js';
import { type Case, GOOD, NOT_A_NUMBER, TRANSFERS, badAt, transfer } from './case.js';

const bad = badAt(TRANSFERS);
const invalid = (what: string, send: RequestOptions, field: string) =>
  bad('400 INVALID_REQUEST', what, send, field);
const pending = (what: string, value: unknown, field: string) =>
  invalid(what, transfer({ pending: value }), field);
const condition = (what: string, change: object, field: string) =>
  invalid(
    what,
    transfer({ conditions: [{ account: 'cash', ...change }] }),
    `conditions[0]${field}`,
  );
const versions = (what: string, value: unknown, field: string) =>
  invalid(what, transfer({ expectedVersions: value }), field);
const raw = (field: string): RequestOptions => ({
  raw: `${JSON.stringify(GOOD).slice(0, -1)}, ${field}}`,
});
const many = Array.from({ length: 101 }, () => ({ account: 'cash', version: 1 }));

export const HOLDS: Case[] = [
  pending('pending: true', true, 'pending'),
  pending('pending that is a text', 'yes', 'pending'),
  pending('pending that is a list', [{ expiresAt: null }], 'pending'),
  pending('an unknown field of pending', { until: 1 }, 'pending.until'),
  pending('a field of pending named toString', { toString: 1 }, 'pending.toString'),
  pending('expiresAt that is a number', { expiresAt: 1_800_000_000 }, 'pending.expiresAt'),
  pending('expiresAt without offset', { expiresAt: '2999-01-01T00:00:00' }, 'pending.expiresAt'),
  pending('expiresAt that is a date', { expiresAt: '2999-01-01' }, 'pending.expiresAt'),
  pending('expiresAt on 30 February', { expiresAt: '2999-02-30T00:00:00Z' }, 'pending.expiresAt'),
  pending(
    'expiresAt far in Arabic digits',
    { expiresAt: '٢٩٩٩-01-01T00:00:00Z' },
    'pending.expiresAt',
  ),
  bad('400 INVALID_JSON', '__proto__ in pending', raw('"pending": {"__proto__": {}}'), 'body'),

  invalid('conditions that are an object', transfer({ conditions: {} }), 'conditions'),
  invalid('101 conditions', transfer({ conditions: many }), 'conditions'),
  invalid('a condition that is null', transfer({ conditions: [null] }), 'conditions[0]'),
  invalid('a condition in a list', transfer({ conditions: [[{}]] }), 'conditions[0]'),
  invalid('a condition without account', transfer({ conditions: [{}] }), 'conditions[0].account'),
  condition('an account with a space', { account: 'my cash' }, '.account'),
  condition('an unknown field of a condition', { held: {} }, '.held'),
  condition('version 0', { version: 0 }, '.version'),
  ...NOT_A_NUMBER.map(([what, version]) =>
    condition(`a version: ${what}`, { version }, '.version'),
  ),
  condition('a balance that is an amount', { balance: '5' }, '.balance'),
  condition('a balance that is a list', { available: [{ gte: '5' }] }, '.available'),
  condition('an unknown bound', { balance: { gt: '5' } }, '.balance.gt'),
  bad('400 INVALID_JSON', 'a bound of NaN', raw('"conditions": [{"balance": {"gte": NaN}}]')),
  ...[1, true, [], {}, '1'.repeat(101)].map((gte) =>
    condition(`the bound ${JSON.stringify(gte).slice(0, 9)}`, { balance: { gte } }, '.balance.gte'),
  ),
  ...['', 'NaN', '1e3', '--1', '+1', '1,00', '１', '0.001'].map((eq) =>
    bad(
      '400 INVALID_AMOUNT',
      `the bound ${JSON.stringify(eq)}`,
      transfer({ conditions: [{ account: 'cash', available: { eq } }] }),
      'conditions[0].available.eq',
    ),
  ),
  bad(
    '422 UNKNOWN_ACCOUNT',
    'a condition on an unknown account',
    transfer({ conditions: [{ account: 'nobody', version: 1 }] }),
    'conditions[0].account',
  ),
  bad(
    '400 INVALID_TRANSFER',
    'a condition that asks nothing',
    transfer({ conditions: [{ account: 'cash', balance: {} }] }),
    'conditions[0]',
  ),

  versions('expectedVersions that is a number', 1, 'expectedVersions'),
  versions('expectedVersions that is a list', [1, 1], 'expectedVersions'),
  versions('an unknown side', { cash: 1 }, 'expectedVersions.cash'),
  ...NOT_A_NUMBER.map(([what, debit]) =>
    versions(`an expected version: ${what}`, { debit }, 'expectedVersions.debit'),
  ),
  invalid(
    'expectedVersions beside legs',
    { body: { legs: [GOOD], expectedVersions: { debit: 1 } } },
    'legs',
  ),
  invalid(
    'a wrong version in a leg',
    { body: { legs: [GOOD, { ...GOOD, expectedVersions: { credit: '1' } }] } },
    'legs[1].expectedVersions.credit',
  ),
];
