import { columnArrays, createTables, insertRows, revisedRow, rowOf } from './table.js';
import { rowsByTable } from './write-batch.js';

describe('a table', () => {
  const table = {
    name: 'sample',
    columns: { id: 'text', amount: 'numeric?' },
    key: ['id'],
    write: 'put',
    indexes: ['(amount)'],
  } as const;

  it('is made with what its description says', () => {
    expect(createTables('rm_1', [table])).toEqual([
      'CREATE TABLE rm_1.sample (id text COLLATE "C" NOT NULL, amount numeric, PRIMARY KEY (id)) ' +
        'WITH (fillfactor = 80)',
      'CREATE INDEX ON rm_1.sample (amount)',
    ]);
  });

  it('is written from arrays, replacing or adding', () => {
    const place = { firstParameter: 3, onlyIf: 'moved' };
    const insert =
      'INSERT INTO rm_1.sample (id, amount) ' +
      'SELECT fresh.* FROM moved, unnest($3::text[], $4::numeric[]) AS fresh';
    expect(insertRows('rm_1', table, { ...place, replacing: false })).toBe(insert);
    expect(insertRows('rm_1', table, { ...place, replacing: true })).toBe(
      `${insert} ON CONFLICT (id) DO UPDATE SET amount = EXCLUDED.amount`,
    );
  });
});

describe('the values of a column', () => {
  const table = {
    name: 'sample',
    columns: { id: 'text', note: 'jsonb?', amount: 'numeric?', done: 'boolean' },
    key: ['id'],
    write: 'add',
    indexes: [],
  } as const;

  it('are one array literal, in which nothing of them has a meaning', () => {
    const row = { id: 'NULL', note: '{"a":"\\\\"}', amount: '1.50', done: true };
    const other = { id: '{a,"b"}', note: null, amount: null, done: false };
    expect(columnArrays(table, [row, other])).toEqual([
      '{"NULL","{a,\\"b\\"}"}',
      '{"{\\"a\\":\\"\\\\\\\\\\"}",NULL}',
      '{1.50,NULL}',
      '{true,false}',
    ]);
  });

  it('are an empty array when there are no rows', () => {
    expect(columnArrays(table, [])).toEqual(['{}', '{}', '{}', '{}']);
  });
});

describe('the rows of a statement', () => {
  const table = {
    name: 'sample',
    columns: { id: 'text', state: 'text' },
    key: ['id'],
    write: 'revise',
    indexes: [],
  } as const;
  const row = (id: string, state: string) => ({ id, state });

  it('are the last of those under one key, in the place where the first is added', () => {
    const rows = rowsByTable([
      rowOf(table, row('a', 'pending')),
      revisedRow(table, row('b', 'pending')),
      revisedRow(table, row('a', 'posted')),
      revisedRow(table, row('b', 'voided')),
    ]);
    expect(rows.get(table)).toEqual({ added: [row('a', 'posted')], put: [row('b', 'voided')] });
  });

  it('that are new twice stay two, for the store to object', () => {
    const rows = rowsByTable([rowOf(table, row('a', 'posted')), rowOf(table, row('a', 'posted'))]);
    expect(rows.get(table)?.added).toHaveLength(2);
  });

  it('only replace in a table that is put', () => {
    const put = { ...table, write: 'put' } as const;
    const rows = rowsByTable([rowOf(put, row('a', 'open')), rowOf(put, row('a', 'closed'))]);
    expect(rows.get(put)).toEqual({ added: [], put: [row('a', 'closed')] });
  });
});
