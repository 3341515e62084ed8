// What does not fit about a request, told field by field.
import { type FieldProblem, type RejectionCode } from '../errors.js';
import { type Decision, rejected } from './decision.js';

/** A field that has to change, and the code it gives when it is the first one. */
export interface Unfit extends FieldProblem {
  readonly code: RejectionCode;
}

/** The first problem gives the code, but all problems are told at once; undefined if there are none. */
export function rejectedAs(problems: readonly Unfit[]): Decision | undefined {
  const [first] = problems;
  if (!first) return undefined;
  const fields = problems.map(({ field, problem, expected }) => ({ field, problem, expected }));
  return rejected(first.code, `${first.field}: ${first.problem}.`, fields);
}

/** The problem of an account that is named, and was never opened. */
export function unknownAccount(address: string, field: string): Unfit {
  return {
    code: 'UNKNOWN_ACCOUNT',
    field,
    problem: `there is no account "${address}" in this ledger`,
    expected: 'the address of an account that was opened before',
  };
}
