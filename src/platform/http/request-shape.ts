// Reads a body or a query into its class: every field checked, unknown ones refused, all problems told at
// once. Copies known fields only and descends only where a rule says so, because what arrives may be
// named `constructor`, or be nested a hundred thousand deep.
import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { getMetadataStorage, validateSync } from 'class-validator';
import { type FieldProblem } from '../../domain/errors.js';
import { invalidRequest } from './api-error.js';
import { type Check, FIELD_CHECK, type Rule, isPlainObject, problemWith } from './fields.js';

/** Applied to every `@Body()` and `@Query()` whose type is a class with `@Field`s. */
@Injectable()
export class RequestShapePipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined || fieldsOf(metatype).size === 0) return value;
    return read(metatype as Type<object>, value, type === 'body' ? 'body' : 'query');
  }
}

/** An instance of `type` with the fields of `sent`. Throws ApiError INVALID_REQUEST. */
export function read<T extends object>(type: Type<T>, sent: unknown, whole: string): T {
  const problems = problemsIn(type, sent, { whole, prefix: '' });
  if (problems.length > 0) throw invalidRequest(problems);
  return instanceOf(type, sent as Record<string, unknown>);
}

/** A list of objects of one class: `legs[0].amount` is a path into it. */
export function listOf(
  type: Type<object>,
  { min, max, of }: { min: number; max: number; of: string },
): Rule {
  const expected = `a list of ${min} to ${max} ${of}`;
  return {
    check: (value, field) => {
      if (!Array.isArray(value) || value.length < min || value.length > max) {
        return [{ field, problem: problemWith(value), expected }];
      }
      return value.flatMap((item: unknown, index) => {
        const whole = `${field}[${index}]`;
        return problemsIn(type, item, { whole, prefix: `${whole}.` });
      });
    },
    schema: { type: [type], description: expected, minItems: min, maxItems: max },
  };
}

/** An object of one class: `pending.expiresAt` is a path into it. */
export function objectOf(type: Type<object>): Rule {
  return {
    check: (value, field) => problemsIn(type, value, { whole: field, prefix: `${field}.` }),
    schema: { type },
  };
}

/** `whole` names the object itself in problems, `prefix` goes before the names of its fields. */
export interface Place {
  readonly whole: string;
  readonly prefix: string;
}

/** Everything wrong with what was sent as an object of this class. */
export function problemsIn(
  type: Type<object>,
  sent: unknown,
  { whole, prefix }: Place,
): FieldProblem[] {
  const known = fieldsOf(type);
  if (!isPlainObject(sent)) {
    const expected = `an object with ${[...known].join(', ')}`;
    return [{ field: whole, problem: problemWith(sent), expected }];
  }
  const unknown = Object.keys(sent)
    .filter((field) => !known.has(field))
    .map((field) => ({
      field: prefix + field,
      problem: 'an unknown field',
      expected: `one of ${[...known].join(', ')}`,
    }));
  const wrong = validateSync(instanceOf(type, sent)).flatMap(({ property, value, contexts }) => {
    const { check } = contexts?.[FIELD_CHECK] as { check: Check };
    return check(value, prefix + property);
  });
  return [...wrong, ...unknown];
}

function instanceOf<T extends object>(type: Type<T>, sent: Record<string, unknown>): T {
  const known = [...fieldsOf(type)].filter((field) => Object.hasOwn(sent, field));
  return Object.assign(new type(), Object.fromEntries(known.map((field) => [field, sent[field]])));
}

const fieldNames = new Map<unknown, ReadonlySet<string>>();

function fieldsOf(type: Type<unknown>): ReadonlySet<string> {
  const seen = fieldNames.get(type);
  if (seen) return seen;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const names = new Set(metadata.map(({ propertyName }) => propertyName));
  fieldNames.set(type, names);
  return names;
}
