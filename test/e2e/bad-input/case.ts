// One bad request and what it must be answered.
import { type Method, type RequestOptions } from '../../support/api.js';

export const LEDGER = 'strict';
export const TRANSFERS = `/v1/ledgers/${LEDGER}/transfers`;
export const ACCOUNTS = `/v1/ledgers/${LEDGER}/accounts`;
export const LEDGERS = '/v1/ledgers';
/** The id of a pending transfer. */
export const HELD = 'held';

export interface Case {
  readonly what: string;
  readonly method: Method;
  readonly path: string;
  readonly send: RequestOptions;
  readonly answer: string;
  /** The field that the answer has to name. */
  readonly field: string | undefined;
}

/** `answer` is status and code: `400 INVALID_REQUEST`. Posted to `path`, or as `METHOD path` says. */
export const badAt =
  (path: string) =>
  (answer: string, what: string, send: RequestOptions, field?: string): Case => {
    const [method, target] = path.includes(' ') ? path.split(' ') : ['POST', path];
    return { what, method: method as Method, path: target ?? path, send, answer, field };
  };

/** What is no whole number of any kind, or no text: `what` says it. */
export const NOT_A_NUMBER: readonly (readonly [what: string, value: unknown])[] = [
  ['a text', '1'],
  ['a fraction', 1.5],
  ['below zero', -1],
  ['beyond what JSON numbers hold', 1e300],
  ['true', true],
  ['a list', [1]],
  ['an object', {}],
];

/** A transfer that would be posted. */
export const GOOD = { debit: 'cash', credit: 'world', amount: '1.00', currency: 'EUR' };

export const transfer = (change: Record<string, unknown>): RequestOptions => ({
  body: { ...GOOD, ...change },
});
