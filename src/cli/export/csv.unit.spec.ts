import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvRow, withoutFormula } from './csv.js';

describe('a row of CSV', () => {
  it('quotes what has to be, and tells an empty text from none', () => {
    expect(csvRow(['a', null, '', 'b,c', 'say "x"', 'two\nlines', ' d '])).toBe(
      'a,,"","b,c","say ""x""","two\nlines", d \r\n',
    );
  });

  it('is read back as it was', () => {
    const rows = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 2 }), { minLength: 1 });
    fc.assert(
      fc.property(rows, (cells) => {
        const text = cells.map(csvRow).join('');
        expect(parse(text, { record_delimiter: '\r\n' })).toEqual(cells);
      }),
    );
  });
});

describe('a text that a spreadsheet would run', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "'=1"])('%j is hidden', (text) => {
    expect(withoutFormula(text)).toBe(`'${text}`);
  });

  it.each(['', 'a=1', "'", "'a", ' =1', '1-1'])('%j is none', (text) => {
    expect(withoutFormula(text)).toBe(text);
  });

  it('can be told again, and never begins like a formula', () => {
    const texts = fc.string({ unit: fc.constantFrom("'", '=', '-', 'a', '\t') });
    fc.assert(
      fc.property(texts, (text) => {
        const hidden = withoutFormula(text);
        expect(hidden).not.toMatch(/^[=+\-@\t\r]/);
        expect(/^'+[=+\-@\t\r]/.test(hidden) ? hidden.slice(1) : hidden).toBe(text);
      }),
    );
  });
});
