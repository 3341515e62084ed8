// Reads a body or a query into its class: every field checked, unknown ones refused, all problems told at
// once. Copies known fields only and descends only where a rule says so, because what arrives may be
// named `constructor`, or be nested a hundred thousand deep.
import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { type FieldProblem } from '../../domain/errors.js';
import { invalidRequest } from './api-error.js';
import { type Check, type FieldContext, type Rule, isPlainObject, problemWith } from './fields.js';

/** Applied to every `@Body()` and `@Query()` whose type is a class with `@Field`s. */
@Injectable()
export class RequestShapePipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined || checksOf(metatype).size === 0) return value;
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
  const known = checksOf(type);
  if (!isPlainObject(sent)) {
    const expected = `an object with ${[...known.keys()].join(', ')}`;
    return [{ field: whole, problem: problemWith(sent), expected }];
  }
  const problems: FieldProblem[] = [];
  for (const [field, check] of known) {
    const value = Object.hasOwn(sent, field) ? sent[field] : undefined;
    problems.push(...check(value, prefix + field));
  }
  for (const field of Object.keys(sent)) {
    if (known.has(field)) continue;
    const expected = `one of ${[...known.keys()].join(', ')}`;
    problems.push({ field: prefix + field, problem: 'an unknown field', expected });
  }
  return problems;
}

function instanceOf<T extends object>(type: Type<T>, sent: Record<string, unknown>): T {
  const instance = new type();
  for (const field of checksOf(type).keys()) {
    if (Object.hasOwn(sent, field)) Reflect.set(instance, field, sent[field]);
  }
  return instance;
}

const checksByType = new Map<unknown, ReadonlyMap<string, Check>>();

/**
 * The check of each field of a class. class-validator holds what they declare; asking it for every body
 * takes several times as long as the checks themselves.
 */
function checksOf(type: Type<unknown>): ReadonlyMap<string, Check> {
  const seen = checksByType.get(type);
  if (seen) return seen;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const checks = new Map(
    rules.map(({ propertyName, context }) => [propertyName, (context as FieldContext).check]),
  );
  checksByType.set(type, checks);
  return checks;
}
