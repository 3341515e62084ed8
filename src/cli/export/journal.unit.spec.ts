import { commodityLine, negated, transactionText } from './journal.js';

describe('a journal', () => {
  it('shows a currency with all its decimals, and quotes what is not letters', () => {
    expect(commodityLine('EUR', 2)).toBe('commodity 1000.00 EUR\n');
    expect(commodityLine('JPY', 0)).toBe('commodity 1000. JPY\n');
    expect(commodityLine('C0IN', 1)).toBe('commodity 1000.0 "C0IN"\n');
  });

  it('keeps a text on its line, and tells it in full where that changed it', () => {
    const text = transactionText({
      date: '2026-03-01',
      code: 't1',
      description: 'one; two\nthree',
      tags: [
        ['revision', '7'],
        ['reference', null],
      ],
      postings: [
        { account: 'cash', amount: '1.00', currency: 'EUR' },
        { account: 'ann', amount: '-1.00', currency: 'EUR', balance: '-2.00' },
      ],
    });
    expect(text.split('\n')).toEqual([
      '2026-03-01 * (t1) one, two three',
      '    ; revision: 7',
      '    ; description: "one; two\\nthree"',
      '    cash  1.00 EUR',
      '    ann  -1.00 EUR = -2.00 EUR',
      '',
      '',
    ]);
  });

  it('turns amounts around, and leaves zero alone', () => {
    expect(['1.50', '-1.50', '0.00', '0'].map(negated)).toEqual(['-1.50', '1.50', '0.00', '0']);
  });
});
