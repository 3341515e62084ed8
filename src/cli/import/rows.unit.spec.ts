import fc from 'fast-check';
import { type Line, linesOf } from './lines.js';
import { ROW_LINES_MAX, type Row, rowsOf } from './rows.js';

async function* inPieces(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length)
    yield await Promise.resolve(text.slice(at, at + length));
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const linesIn = (text: string, length = text.length): Promise<Line[]> =>
  all(linesOf(inPieces(text, length)));
const rowsIn = (text: string, length = text.length): Promise<Row[]> =>
  all(rowsOf(linesOf(inPieces(text, length))));
const right = (line: number, ...cells: string[]): Row => ({ line, cells, quotesAreWrong: false });
const wrong = (line: number): Row => expect.objectContaining({ line, quotesAreWrong: true }) as Row;

describe('lines of a file', () => {
  it('end with LF or CRLF, the last one with nothing', async () => {
    expect(await linesIn('a\nb\r\nc')).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
      { number: 3, text: 'c' },
    ]);
  });

  it('begin after a byte order mark', async () => {
    expect(await linesIn('\uFEFFid,amount\n')).toEqual([{ number: 1, text: 'id,amount' }]);
  });

  it('may not be longer than any row could be', async () => {
    const endless = inPieces('x'.repeat(3_000_000), 65_536);
    await expect(all(linesOf(endless))).rejects.toThrow('Line 1 is longer than 1000000 characters');
  });
});

describe('rows of a file', () => {
  it('have their cells between commas, empty ones too', async () => {
    expect(await rowsIn('a,b,c\n1,,3\n')).toEqual([
      right(1, 'a', 'b', 'c'),
      right(2, '1', '', '3'),
    ]);
  });

  it('may quote commas, line breaks and quotes', async () => {
    expect(await rowsIn('a,b\n"1,5","say ""hi"""\r\n"two\nlines",x\n5,6\n')).toEqual([
      right(1, 'a', 'b'),
      right(2, '1,5', 'say "hi"'),
      right(3, 'two\nlines', 'x'),
      right(5, '5', '6'),
    ]);
  });

  it('keep the line number across empty lines', async () => {
    expect(await rowsIn('a,b\n\n  \r\n1,2\n\n')).toEqual([right(1, 'a', 'b'), right(4, '1', '2')]);
  });

  it('with a quote in the wrong place are reported alone', async () => {
    const text = 'a,b\n1,x"y"z\n3,4\n"q"r,6\n7,8\n';
    expect(await rowsIn(text)).toEqual([
      right(1, 'a', 'b'),
      wrong(2),
      right(3, '3', '4'),
      wrong(4),
      right(5, '7', '8'),
    ]);
  });

  it('after a quote that is never closed are read all the same', async () => {
    const filler = Array.from({ length: 3 * ROW_LINES_MAX }, (_, index) => `${index},x`);
    const rows = await rowsIn(['a,b', '1,"open', ...filler].join('\n'));
    expect(rows[1]).toEqual(wrong(2));
    expect(rows.slice(2)).toEqual(
      filler.map((line, index) => right(index + 3, ...line.split(','))),
    );
  });

  it('between two stray quotes are not swallowed', async () => {
    expect(await rowsIn('a,b\n1,"x\n3,4\n5,6"\n')).toEqual([
      right(1, 'a', 'b'),
      // The two quotes make one well-formed cell of two columns: nothing tells it from a real one.
      right(2, '1', 'x\n3,4\n5,6'),
    ]);
    expect(await rowsIn('a,b\n1,"x\n3,4\n5"y,6\n7,8\n')).toEqual([
      right(1, 'a', 'b'),
      wrong(2),
      right(3, '3', '4'),
      wrong(4),
      right(5, '7', '8'),
    ]);
  });

  it('come out as they went in, wherever the file is cut into pieces', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', ',', '"', '\n', 'é', '€') });
    const table = fc.array(fc.tuple(fc.constant('x'), cell, cell), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 20 }), async (rows, length) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((cells) => cells.map(quoted).join(',')).join('\r\n');
        expect((await rowsIn(text, length)).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });
});
