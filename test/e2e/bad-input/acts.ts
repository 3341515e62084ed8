// Bad captures, voids and reversals.
import { type RequestOptions } from '../../support/api.js';
import { tokenFor } from '../../support/tokens.js';
import { type Case, HELD, LEDGER, NOT_A_NUMBER, TRANSFERS, badAt } from './case.js';

const why = { reason: 'because' };
const GOOD = { capture: {}, void: why, reverse: why };
type Act = keyof typeof GOOD;
const ACT_NAMES: readonly Act[] = ['capture', 'void', 'reverse'];
const long = (length: number) => 'x'.repeat(length);

const at = (act: Act, transfer = HELD, ledger = LEDGER) =>
  badAt(`/v1/ledgers/${ledger}/transfers/${transfer}/${act}`);
const sent = (act: Act, change: object): RequestOptions => ({ body: { ...GOOD[act], ...change } });

/** What is wrong for each of the three acts. */
const allActs = ACT_NAMES.flatMap((act): Case[] => {
  const bad = (what: string, change: object, field: string, answer = '400 INVALID_REQUEST') =>
    at(act)(answer, `${act}: ${what}`, sent(act, change), field);
  const parts = (what: string, value: unknown, field: string, answer?: string) =>
    bad(what, { parts: value }, field, answer);
  const good = sent(act, {});
  return [
    bad('an id with a slash', { id: 'a/b' }, 'id'),
    bad('an id that is a number', { id: 7 }, 'id'),
    bad('an id of 65 characters', { id: long(65) }, 'id'),
    bad('an unknown field', { ammount: '1' }, 'ammount'),
    bad('a leg beside it', { debit: 'cash' }, 'debit'),
    ...[1, 1.5, true, [], {}, long(101)].map((amount) =>
      bad(`the amount ${JSON.stringify(amount).slice(0, 9)}`, { amount }, 'amount'),
    ),
    ...['', '0', '-1', '1e3', 'NaN', '1.001', '1'.repeat(40), '１'].map((amount) =>
      bad(`the amount ${JSON.stringify(amount)}`, { amount }, 'amount', '400 INVALID_AMOUNT'),
    ),
    bad(
      'an amount and parts',
      { amount: '1', parts: [{ leg: 0, amount: '1' }] },
      'amount',
      '400 INVALID_TRANSFER',
    ),
    parts('parts that are an object', { leg: 0, amount: '1' }, 'parts'),
    parts('no parts', [], 'parts'),
    parts(
      '101 parts',
      Array.from({ length: 101 }, (_, leg) => ({ leg, amount: '1' })),
      'parts',
    ),
    parts('a part that is null', [null], 'parts[0]'),
    parts('a part in a list', [[{ leg: 0, amount: '1' }]], 'parts[0]'),
    parts('a part without leg', [{ amount: '1' }], 'parts[0].leg'),
    parts('a part without amount', [{ leg: 0 }], 'parts[0].amount'),
    parts('a part with an unknown field', [{ leg: 0, amount: '1', of: 2 }], 'parts[0].of'),
    parts('leg 100', [{ leg: 100, amount: '1' }], 'parts[0].leg'),
    parts('a part of 0', [{ leg: 0, amount: '0' }], 'parts[0].amount', '400 INVALID_AMOUNT'),
    parts(
      'a leg that there is not',
      [{ leg: 1, amount: '1' }],
      'parts[0].leg',
      '400 INVALID_TRANSFER',
    ),
    ...NOT_A_NUMBER.map(([what, leg]) =>
      parts(`a leg: ${what}`, [{ leg, amount: '1' }], 'parts[0].leg'),
    ),
    at(act)('400 INVALID_REQUEST', `${act}: a list`, { body: [] }, 'body'),
    at(act)('400 INVALID_REQUEST', `${act}: no body`, {}, 'body'),
    at(act)('400 INVALID_JSON', `${act}: __proto__`, { raw: '{"__proto__": {}}' }, 'body'),
    at(act)('413 BODY_TOO_LARGE', `${act}: 2 MB`, sent(act, { id: long(2_000_000) }), 'body'),
    at(act, 'a%20b')('400 INVALID_REQUEST', `${act}: a transfer with a space`, good, 'transfer'),
    at(act, 'nothing')('404 TRANSFER_NOT_FOUND', `${act}: an unknown transfer`, good),
    at(act, HELD, 'nowhere')('404 LEDGER_NOT_FOUND', `${act}: an unknown ledger`, good),
    at(act)(
      '409 TRANSFER_ID_REUSED',
      `${act}: the id of a transfer`,
      sent(act, { id: HELD }),
      'type',
    ),
    at(act)(
      '400 INVALID_REQUEST',
      `${act}: an id and a key`,
      {
        ...sent(act, { id: 'x' }),
        headers: { 'idempotency-key': 'k' },
      },
      'id',
    ),
    at(act)('403 FORBIDDEN', `${act}: a reader`, { ...good, token: tokenFor('reader') }),
    at(act)('403 FORBIDDEN', `${act}: an auditor`, { ...good, token: tokenFor('auditor') }),
    at(act)('404 LEDGER_NOT_FOUND', `${act}: a token of another ledger`, {
      ...good,
      token: tokenFor('operator', ['other']),
    }),
    badAt(`GET ${TRANSFERS}/${HELD}/${act}`)('405 METHOD_NOT_ALLOWED', `${act}: a GET`, {}),
  ];
});

const withReasons = (['void', 'reverse'] as const).flatMap((act): Case[] =>
  [undefined, null, '', ' \n', 1, ['why'], long(501), 'a\u0000', '\ud83d'].map((reason) =>
    at(act)(
      '400 INVALID_REQUEST',
      `${act}: the reason ${JSON.stringify(reason)?.slice(0, 9)}`,
      sent(act, { reason }),
      'reason',
    ),
  ),
);

/** What captures and reversals are recorded with. */
const described = (['capture', 'reverse'] as const).flatMap((act): Case[] => {
  const bad = (what: string, change: object, field: string) =>
    at(act)('400 INVALID_REQUEST', `${act}: ${what}`, sent(act, change), field);
  return [
    bad('a time without offset', { effectiveAt: '2026-01-15T09:30:00' }, 'effectiveAt'),
    bad('a time that is a number', { effectiveAt: 1 }, 'effectiveAt'),
    bad('a description of 501 characters', { description: long(501) }, 'description'),
    bad('a description with a NUL', { description: 'a\u0000b' }, 'description'),
    bad('metadata that is a list', { metadata: ['a'] }, 'metadata'),
    bad('metadata with a number', { metadata: { a: 1 } }, 'metadata.a'),
    bad('a reference', { reference: 'INV-1' }, 'reference'),
  ];
});

export const ACTS: Case[] = [
  ...allActs,
  ...withReasons,
  ...described,
  ...['true', 1, 0, [], {}].map((final) =>
    at('capture')(
      '400 INVALID_REQUEST',
      `capture: final that is ${JSON.stringify(final)}`,
      sent('capture', { final }),
      'final',
    ),
  ),
  at('capture')('400 INVALID_REQUEST', 'capture: a reason', sent('capture', why), 'reason'),
  at('void')('400 INVALID_REQUEST', 'void: final', sent('void', { final: true }), 'final'),
];
