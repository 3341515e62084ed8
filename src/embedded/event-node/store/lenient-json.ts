// JSON as EventStoreDB reads stream metadata: with single quotes or none around names, a comma too
// many, a byte order mark, hexadecimal and octal numbers; what follows the value is ignored. Numbers
// keep their digits, so that whole numbers of 64 bits survive.

/** A number as it was written; `integer` if it is a whole one. */
export interface JsonNumber {
  text: string;
  integer: bigint | undefined;
}

export type JsonObject = Map<string, JsonValue>;
export type JsonValue = JsonObject | JsonValue[] | JsonNumber | string | boolean | null;

class MalformedJson extends Error {}

const SPACE = /\s*/y;
const NAME = /[\p{L}\p{Nd}_$]+/uy;
const NUMBER = /-?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/y;
const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const DEPTH_MAX = 64;
const DIGITS_MAX = 1000;

/** The object in a text, or undefined if the text does not begin with one. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const reader = createReader(text.startsWith('\ufeff') ? text.slice(1) : text);
    return reader.peek() === '{' ? readObject(reader, 0) : undefined;
  } catch (error) {
    if (error instanceof MalformedJson) return undefined;
    throw error;
  }
}

/** Compact, names in the order in which they were set first. */
export function formatJson(value: JsonValue): string {
  if (value instanceof Map) {
    const members = [...value].map(([name, member]) => `${formatText(name)}:${formatJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(formatJson).join(',')}]`;
  if (typeof value === 'string') return formatText(value);
  if (typeof value === 'object' && value !== null) return value.text;
  return String(value);
}

const formatText = (text: string) => JSON.stringify(text);

type Reader = ReturnType<typeof createReader>;

function createReader(text: string) {
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  return {
    /** The next character that is not a space; none at the end. */
    peek: () => {
      take(SPACE);
      return text[at];
    },
    next: () => {
      if (at >= text.length) throw new MalformedJson('it ends too early');
      return text.charAt(at++);
    },
    take,
  };
}

function expect(reader: Reader, character: string): void {
  if (reader.peek() !== character) throw new MalformedJson(`no ${character}`);
  reader.next();
}

function readObject(reader: Reader, depth: number): JsonObject {
  const object: JsonObject = new Map();
  expect(reader, '{');
  while (reader.peek() !== '}') {
    const quote = reader.peek();
    const name =
      quote === '"' || quote === "'" ? readText(reader) : (reader.take(NAME) ?? noName());
    expect(reader, ':');
    object.set(name, readValue(reader, depth + 1));
    if (reader.peek() !== '}') expect(reader, ',');
  }
  reader.next();
  return object;
}

function noName(): never {
  throw new MalformedJson('no name of a property');
}

function readArray(reader: Reader, depth: number): JsonValue[] {
  const values: JsonValue[] = [];
  expect(reader, '[');
  while (reader.peek() !== ']') {
    values.push(readValue(reader, depth + 1));
    if (reader.peek() !== ']') expect(reader, ',');
  }
  reader.next();
  return values;
}

function readValue(reader: Reader, depth: number): JsonValue {
  if (depth > DEPTH_MAX) throw new MalformedJson('nested too deeply');
  switch (reader.peek()) {
    case '{':
      return readObject(reader, depth);
    case '[':
      return readArray(reader, depth);
    case '"':
    case "'":
      return readText(reader);
    default:
      return readScalar(reader);
  }
}

function readScalar(reader: Reader): JsonValue {
  const number = reader.take(NUMBER);
  if (number !== undefined) return numberOf(number);
  const word = reader.take(NAME);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  throw new MalformedJson('no value');
}

function numberOf(text: string): JsonNumber {
  const [, sign, digits = ''] = /^(-?)(.*)$/.exec(text) ?? [];
  if (/[.eE]/.test(digits) && !/^0x/i.test(digits)) return { text, integer: undefined };
  // Beyond 64 bits in any case; to take thousands of digits for a number costs seconds.
  if (digits.length > DIGITS_MAX) return { text, integer: undefined };
  const isOctal = /^0\d/.test(digits);
  if (isOctal && !/^[0-7]+$/.test(digits)) throw new MalformedJson('no octal number');
  const magnitude = BigInt(isOctal ? `0o${digits}` : digits);
  const integer = sign === '-' ? -magnitude : magnitude;
  return { text: String(integer), integer };
}

function readText(reader: Reader): string {
  const quote = reader.next();
  let text = '';
  for (let c = reader.next(); c !== quote; c = reader.next()) {
    text += c === '\\' ? readEscape(reader) : c;
  }
  return text;
}

function readEscape(reader: Reader): string {
  const c = reader.next();
  if (c === 'u') {
    const digits = reader.next() + reader.next() + reader.next() + reader.next();
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new MalformedJson('no character');
    return String.fromCharCode(parseInt(digits, 16));
  }
  const escaped = ESCAPES[c] ?? (/["'\\/]/.test(c) ? c : undefined);
  if (escaped === undefined) throw new MalformedJson('no such escape');
  return escaped;
}
