// Server-side filters of $all: by stream name or by event type, by prefixes or by a regular
// expression. Expressions are written for .NET; those JavaScript can run are run as they are.
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

function matchesRegex(regex: string): (text: string) => boolean {
  const expression = compile(regex);
  return (text) => expression.test(text);
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
