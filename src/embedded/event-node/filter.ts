// Server-side filters of $all: by stream name or by event type, by prefixes or by a regular
// expression. Expressions are written for .NET; those JavaScript can run are run as they are, and none
// for so long that others would have to wait.
import { createContext, Script, type Context } from 'node:vm';
import { invalidArgument } from './errors.js';
import { type LogEvent } from './store/record.js';

export interface EventFilter {
  passes: (event: LogEvent) => boolean;
}

export interface FilterExpression {
  on: 'stream' | 'type';
  /** Wins over the prefixes unless it is empty. */
  regex: string;
  /** None lets nothing pass; an empty one lets everything pass. */
  prefixes: string[];
}

/** Throws a SyntaxError if the expression cannot be run. */
export function createFilter({ on, regex, prefixes }: FilterExpression): EventFilter {
  const matches = regex === '' ? matchesPrefix(prefixes) : matchesRegex(regex);
  return {
    passes: (event) => matches(on === 'stream' ? event.streamName : event.type),
  };
}

const matchesPrefix = (prefixes: string[]) => (text: string) =>
  prefixes.some((prefix) => text.startsWith(prefix));

/** Longest time that one text may take, if the expression is not known to be quick. */
const MATCH_TIME_MAX_MS = 250;
const QUICK_TEXT_MAX = 1024;
const QUICK_REPETITIONS_MAX = 2;
const ANSWERS_KEPT_MAX = 1000;

/** Throws INVALID_ARGUMENT for a text that takes too long. */
function matchesRegex(regex: string): (text: string) => boolean {
  const expression = compile(regex);
  const isQuick = isQuickExpression(expression.source);
  const slowly = matchesInTime(expression, regex);
  return (text) =>
    isQuick && text.length <= QUICK_TEXT_MAX ? expression.test(text) : slowly(text);
}

/** Few repetitions, and no group of them repeated: then the time grows with the square at most. */
function isQuickExpression(source: string): boolean {
  const unescaped = source.replaceAll(/\\./gs, '');
  const repetitions = unescaped.match(/[*+{]/g)?.length ?? 0;
  return repetitions <= QUICK_REPETITIONS_MAX && !/\)[*+{]/.test(unescaped);
}

/** Watching the time costs more than most matches do, so answers are kept: names come again. */
function matchesInTime(expression: RegExp, regex: string): (text: string) => boolean {
  const kept = new Map<string, boolean>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const answer = testInTime(expression, text);
    if (answer === undefined) {
      throw invalidArgument(`The filter '${regex}' takes too long: repeat less in it.`);
    }
    if (kept.size >= ANSWERS_KEPT_MAX) kept.clear();
    if (text.length <= QUICK_TEXT_MAX) kept.set(text, answer);
    return answer;
  };
}

const TEST = new Script('expression.test(text)');
let box: Context | undefined;

/** Undefined if it takes too long. */
function testInTime(expression: RegExp, text: string): boolean | undefined {
  box ??= createContext();
  Object.assign(box, { expression, text });
  try {
    return Boolean(TEST.runInContext(box, { timeout: MATCH_TIME_MAX_MS }));
  } catch {
    return undefined;
  }
}

const INLINE_OPTIONS = /^\(\?([ims]+)\)/;

/** .NET takes options at the start of an expression, JavaScript beside it. */
function compile(regex: string): RegExp {
  const options = INLINE_OPTIONS.exec(regex);
  const source = options ? regex.slice(options[0].length) : regex;
  const flags = options?.[1] ? [...new Set(options[1])].join('') : '';
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // Unicode mode knows character classes like \p{Lu}, but refuses needless escapes like \-.
    return new RegExp(source, flags);
  }
}
