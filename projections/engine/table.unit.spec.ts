import { createTables, insertRows, latestRow, revisedRow, rowOf } from './table.js';
import { type Way, columnArrays, gathered } from './gathered-rows.js';

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
      'SELECT unnest($3::text[]), unnest($4::numeric[]) FROM moved';
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
    expect(
      columnArrays(table, 'added', [gathered([rowOf(table, row), rowOf(table, other)])]),
    ).toEqual([
      '{"NULL","{a,\\"b\\"}"}',
      '{"{\\"a\\":\\"\\\\\\\\\\"}",NULL}',
      '{1.50,NULL}',
      '{true,false}',
    ]);
  });

  it('are an empty array when there are no rows', () => {
    expect(columnArrays(table, 'added', [gathered([])])).toEqual(['{}', '{}', '{}', '{}']);
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

  it('are gathered until they are written', () => {
    const lines = { ...table, write: 'add' } as const;
    const parts = [['a', 'b'], [], ['c']].map((ids) =>
      gathered(ids.map((id) => rowOf(lines, row(id, 'new')))),
    );
    expect(columnArrays(lines, 'added', parts)).toEqual(['{"a","b","c"}', '{"new","new","new"}']);
  });

  it('are the last of those under one key, in the place where the first is added', () => {
    const changes = [
      rowOf(table, row('a', 'pending')),
      revisedRow(table, row('b', 'pending')),
      revisedRow(table, row('a', 'posted')),
      revisedRow(table, row('b', 'voided')),
    ];
    const apart = changes.map((change) => gathered([change]));
    for (const all of [[gathered(changes)], apart]) {
      const written = (way: Way) => columnArrays(table, way, all);
      expect(written('added')).toEqual(['{"a"}', '{"posted"}']);
      expect(written('put')).toEqual(['{"b"}', '{"voided"}']);
    }
  });

  it('that are new twice stay two, for the store to object', () => {
    const twice = [rowOf(table, row('a', 'posted')), rowOf(table, row('a', 'posted'))];
    expect(columnArrays(table, 'added', [gathered(twice)])).toEqual([
      '{"a","a"}',
      '{"posted","posted"}',
    ]);
  });

  it('of which only the last counts are not made before', () => {
    const put = { ...table, write: 'put' } as const;
    const notMade = () => {
      throw new Error('made');
    };
    const parts = [
      gathered([latestRow(put, 'a', notMade), latestRow(put, 'b', () => row('b', 'open'))]),
      gathered([latestRow(put, 'a', () => row('a', 'closed'))]),
    ];
    expect(columnArrays(put, 'put', parts)).toEqual(['{"a","b"}', '{"closed","open"}']);
  });
});
