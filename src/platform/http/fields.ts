// How request fields are declared: one decorator for the check, the wording of what would be right, and
// the OpenAPI schema, so that the three cannot part ways. Checks never throw, whatever they are given.
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { type FieldProblem } from '../../domain/errors.js';

/** Everything wrong with a value that was sent as `field`; empty when it is right. */
export type Check = (value: unknown, field: string) => readonly FieldProblem[];

export interface Rule {
  readonly check: Check;
  /** The part of the OpenAPI schema that follows from the rule. */
  readonly schema: ApiPropertyOptions;
}

export interface FieldOptions {
  /** Absent and null are both right, and mean the same. */
  readonly optional?: boolean;
  readonly example?: unknown;
}

/** What class-validator calls the rule of a field, which carries the check as its context. */
const FIELD_RULE = 'field';

export interface FieldContext {
  readonly check: Check;
}

/** Declares a field of a request class. Fields without it are unknown fields. */
export function Field(rule: Rule, { optional = false, example }: FieldOptions = {}) {
  const check: Check = (value, field) =>
    optional && (value === undefined || value === null) ? [] : rule.check(value, field);
  return applyDecorators(
    ValidateBy(
      {
        name: FIELD_RULE,
        validator: { validate: (value: unknown) => check(value, '').length === 0 },
      },
      // Without a message of its own, class-validator drops the context; the check words the problems.
      { context: { check } satisfies FieldContext, message: 'not as expected' },
    ),
    ApiProperty({
      ...rule.schema,
      required: !optional,
      ...(optional && { nullable: true }),
      ...(example !== undefined && { example }),
    } as ApiPropertyOptions),
  );
}

/** A rule that a value passes or fails as a whole. */
export function rule(
  expected: string,
  passes: (value: unknown) => boolean,
  schema: ApiPropertyOptions,
): Rule {
  return {
    check: (value, field) =>
      passes(value) ? [] : [{ field, problem: problemWith(value), expected }],
    schema: { description: expected, ...schema },
  };
}

export interface TextLimits {
  readonly lengthMax: number;
  readonly lengthMin?: number;
  /** In words, beyond the length; required with a pattern. */
  readonly expected?: string;
  readonly pattern?: RegExp;
}

/** A string that Postgres and every JSON reader can hold: no control characters, no half characters. */
export function text({ lengthMax, lengthMin = 1, pattern, expected }: TextLimits): Rule {
  const wanted = expected ?? `a text of ${lengthMin} to ${lengthMax} characters, no control codes`;
  return rule(
    wanted,
    (value) =>
      typeof value === 'string' &&
      value.length >= lengthMin &&
      value.length <= lengthMax &&
      isPrintable(value) &&
      (pattern?.test(value) ?? true),
    { type: 'string', minLength: lengthMin, maxLength: lengthMax },
  );
}

/** One of a few words. */
export function choice(words: readonly string[]): Rule {
  return rule(`one of ${words.join(', ')}`, (value) => words.includes(value as string), {
    type: 'string',
    enum: [...words],
  });
}

export const trueOrFalse = rule('true or false', (value) => typeof value === 'boolean', {
  type: 'boolean',
});

/** A whole number of a range; `of` says what it counts. */
export function wholeNumber({ min, max, of }: { min: number; max: number; of: string }): Rule {
  return rule(
    `${of}: a whole number from ${min} to ${max}`,
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
    { type: 'integer', minimum: min, maximum: max },
  );
}

// Bounded only so that an answer never repeats a megabyte; what an amount is, the domain says.
const AMOUNT_TEXT_LENGTH_MAX = 100;

/** An amount as it may be sent: a JSON string, whose digits the domain judges. */
export function amountText(example: string): Rule {
  const expected = `a decimal number in a JSON string, such as "${example}"`;
  return {
    check: (value, field) => {
      if (typeof value === 'string' && value.length <= AMOUNT_TEXT_LENGTH_MAX) return [];
      const hint =
        typeof value === 'number'
          ? `"${value}" with quotes: a JSON number can lose digits`
          : expected;
      return [{ field, problem: problemWith(value), expected: hint }];
    },
    schema: { type: 'string', description: expected, example },
  };
}

/** Whether a text can be stored and shown as it is; line breaks and tabs are allowed. */
function isPrintable(value: string): boolean {
  return !/[^\P{Cc}\t\n\r]|\p{Cs}/u.test(value);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SHOWN_LENGTH_MAX = 60;

/** What is wrong with a value, in words that repeat it, briefly. */
export function problemWith(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `${shown(value)} is not right here`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  return `${JSON.stringify(value)} is a ${typeof value}`;
}

function shown(value: string): string {
  const cut = value.length > SHOWN_LENGTH_MAX ? `${value.slice(0, SHOWN_LENGTH_MAX)}...` : value;
  return JSON.stringify(cut.replace(/\p{Cs}/gu, '\ufffd'));
}
