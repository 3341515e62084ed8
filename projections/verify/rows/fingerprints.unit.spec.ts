// Sums of rows: the same rows in any order have the same sum, and others do not.
import * as fc from 'fast-check';
import { type RowChange, type Table, latestRow, rowOf } from '../../engine/table.js';
import { jsonbText } from './jsonb-text.js';
import { rowText } from './canonical.js';
import { Fingerprints, bucketNameSql, bucketOf } from './fingerprints.js';

const LINES = {
  name: 'line',
  columns: { ledger: 'text', revision: 'bigint', amount: 'numeric', note: 'text?' },
  key: ['ledger', 'revision'],
  write: 'revise',
  indexes: [],
} as const satisfies Table;
const NOTES = {
  name: 'note',
  columns: { ledger: 'text', first: 'text?', second: 'text?' },
  key: ['ledger'],
  write: 'add',
  indexes: [],
} as const satisfies Table;
const PARTS = {
  name: 'part',
  columns: { ledger: 'text', revision: 'bigint', batch_index: 'integer' },
  key: ['ledger', 'revision', 'batch_index'],
  write: 'add',
  indexes: [],
} as const satisfies Table;
const BLOCKS = {
  name: 'block',
  columns: { ledger: 'text', account: 'text', number: 'integer' },
  key: ['ledger', 'account', 'number'],
  write: 'add',
  indexes: [],
} as const satisfies Table;
const NAMES = { ...LINES, name: 'name', key: ['ledger'], write: 'put' } as const satisfies Table;

const line = fc
  .record({
    revision: fc.nat(5_000),
    amount: fc.constantFrom('1.00', '2.50'),
    note: fc.option(fc.constantFrom('', 'a', 'b')),
  })
  .map((row) => rowOf(LINES, { ledger: 'shop', ...row }));

function sumsOf(rows: readonly RowChange[]): Fingerprints {
  const sums = new Fingerprints();
  for (const row of rows) sums.addRow(bucketOf(row), rowText(row), 1);
  return sums;
}

describe('sums of rows', () => {
  it('do not depend on their order, and a row taken out again was never there', () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(line), (rows, others) => {
        const sums = sumsOf([...others, ...rows.toReversed()]);
        for (const row of others) sums.addRow(bucketOf(row), rowText(row), -1);
        expect(sums.differences(sumsOf(rows))).toEqual([]);
      }),
    );
  });

  it('tell in which bucket a row is another one, missing, or there twice', () => {
    fc.assert(
      fc.property(fc.array(line), line, line, (rows, one, other) => {
        const buckets = sumsOf([...rows, one]).differences(sumsOf([...rows, other]));
        const names = rowText(one) === rowText(other) ? [] : [bucketOf(one), bucketOf(other)];
        expect(new Set(buckets.map(({ name }) => name))).toEqual(
          new Set(names.map(({ name }) => name)),
        );
        expect(sumsOf([...rows, one]).differences(sumsOf(rows))).toEqual([bucketOf(one)]);
        expect(sumsOf([one, one]).differences(sumsOf([one]))).toEqual([bucketOf(one)]);
      }),
    );
  });

  it('tell a null from a text, and where one text ends and the next begins', () => {
    const texts = fc.array(fc.constantFrom('\u001e', '\u001f', '|', '0', '=', 'a'), {
      size: 'small',
    });
    const note = fc.option(texts.map((signs) => signs.join('')));
    fc.assert(
      fc.property(note, note, note, note, (...notes) => {
        const [one, other] = [notes.slice(0, 2), notes.slice(2)].map(
          ([first = null, second = null]) =>
            rowText(rowOf(NOTES, { ledger: 'shop', first, second })),
        );
        const isSame = notes[0] === notes[2] && notes[1] === notes[3];
        expect(one === other).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('name the ledger that differs, whatever its name', () => {
    const row = { revision: 1, amount: '1.00', note: null };
    const odd = sumsOf([rowOf(LINES, { ledger: 'shop/1', ...row })]);
    expect(odd.differences(sumsOf([]))).toMatchObject([{ ledger: 'shop/1', name: '0' }]);
  });

  it('have buckets by revision, or by key where a row has no revision of its own', () => {
    const place = { ledger: 'shop', revision: 2_048, amount: '1.00', note: null };
    expect(bucketOf(rowOf(LINES, place)).name).toBe('2');
    expect(bucketNameSql(LINES)).toBe('(revision / 1024)::text');
    expect(bucketOf(rowOf(PARTS, { ledger: 'shop', revision: 1_023, batch_index: 7 })).name).toBe(
      '0.7',
    );
    expect(bucketNameSql(PARTS)).toBe("(revision / 1024)::text || '.' || batch_index");
    expect(bucketOf(rowOf(BLOCKS, { ledger: 'shop', account: 'ann', number: 3 })).name).toBe(
      'ann\u001f3',
    );
    expect(bucketNameSql(BLOCKS)).toBe("account::text || E'\\x1f' || number::text");
    expect(bucketOf(latestRow(NAMES, 'shop', () => place)).name).toBe('');
    expect(bucketNameSql(NAMES)).toBe("''");
  });
});

it('JSON is written as Postgres writes it', () => {
  const value = { bb: [1, 'x', null, true, {}], a: { é: '"\n', e: [] }, ccc: 'ü' };
  expect(jsonbText(value)).toBe(
    String.raw`{"a": {"e": [], "é": "\"\n"}, "bb": [1, "x", null, true, {}], "ccc": "ü"}`,
  );
});
