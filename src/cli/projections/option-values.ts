// How the values of options are read.
import { InvalidArgumentError } from 'commander';

const WHOLE_NUMBER = /^[1-9]\d{0,8}$/;
const WHOLE_NUMBER_MAX = 999_999_999;

export function wholeNumberUpTo(max: number): (text: string) => number {
  return (text) => {
    if (WHOLE_NUMBER.test(text) && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`Use a whole number from 1 to ${max}.`);
  };
}

export const wholeNumber = wholeNumberUpTo(WHOLE_NUMBER_MAX);

const POSITION = /^\d{1,19}$/;

/** A place in the log, as `projections status` shows it. */
export function positionOf(text: string): bigint {
  const position = POSITION.test(text) ? BigInt(text) : undefined;
  if (position !== undefined && position < 2n ** 63n) return position;
  throw new InvalidArgumentError('Use a position as "daybook projections status" shows it.');
}
