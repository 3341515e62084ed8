// Cuts a text that arrives in pieces into lines, so that a file of any length needs the memory of one.
import { Failure } from '../../platform/failure.js';

/** One line of a file; `number` counts from 1. The text is without its line break. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** Far above any row that could be imported; what is longer is not a CSV file. */
const LINE_LENGTH_MAX = 1_000_000;

const BYTE_ORDER_MARK = '\uFEFF';

/** Lines end with LF or CRLF; a byte order mark at the start is dropped. Throws Failure. */
export async function* linesOf(
  pieces: AsyncIterable<string>,
  lengthMax = LINE_LENGTH_MAX,
): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  const lineOf = (text: string): Line => {
    number += 1;
    const marked = number === 1 && text.startsWith(BYTE_ORDER_MARK);
    return { number, text: text.slice(marked ? 1 : 0, text.endsWith('\r') ? -1 : undefined) };
  };
  for await (const piece of pieces) {
    const texts = (rest + piece).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) yield lineOf(text);
    if (rest.length > lengthMax) {
      throw new Failure(
        'usage',
        `Line ${number + 1} is longer than ${lengthMax} characters: is this the right file?`,
      );
    }
  }
  if (rest !== '') yield lineOf(rest);
}
