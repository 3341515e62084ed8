import { idsFromContent } from './derived-id.js';
import { layoutOf } from './layout.js';
import { linesOf } from './lines.js';
import { type ImportRequest } from './requests.js';
import { rowsOf } from './rows.js';
import { transferRequests } from './transfer-requests.js';

async function requestsIn(text: string): Promise<ImportRequest[]> {
  async function* pieces() {
    yield await Promise.resolve(text);
  }
  const rows = rowsOf(linesOf(pieces()));
  const header = (await rows.next()).value as { cells: readonly string[] };
  const requests: ImportRequest[] = [];
  const ids = idsFromContent('test');
  for await (const it of transferRequests(rows, layoutOf(header.cells), ids)) requests.push(it);
  return requests;
}

const HEADER = 'id,debit,credit,amount,currency,reference,description,metadata.order\n';
const leg = (debit: string, credit: string, amount: string) => ({
  debit,
  credit,
  amount,
  currency: 'EUR',
});

describe('rows of transfers', () => {
  it('say what the API would be asked, empty cells nothing', async () => {
    expect(await requestsIn(`${HEADER}t1,a,b,5,EUR,,Lunch,4711\n`)).toEqual([
      {
        body: {
          id: 't1',
          legs: [leg('a', 'b', '5')],
          description: 'Lunch',
          metadata: { order: '4711' },
        },
        lines: [2],
        problems: [],
      },
    ]);
  });

  it('with the same id in a row are the legs of one transfer', async () => {
    const requests = await requestsIn(
      `${HEADER}t1,a,b,5,EUR,r,,\nt1,a,c,7,EUR,r,,\nt1,a,d,9,EUR,,,\nt2,a,b,1,EUR,,,\n`,
    );
    expect(requests.map(({ body }) => body)).toEqual([
      {
        id: 't1',
        reference: 'r',
        legs: [leg('a', 'b', '5'), leg('a', 'c', '7'), leg('a', 'd', '9')],
      },
      { id: 't2', legs: [leg('a', 'b', '1')] },
    ]);
    expect(requests[0]?.lines).toEqual([2, 3, 4]);
  });

  it('are never posted in part: one wrong leg leaves out the transfer, and no other', async () => {
    const requests = await requestsIn(
      `${HEADER}t1,a,b,5,EUR,,,\nt1,a,c,7,EUR,,"x"y,\nt1,a,d,9,EUR,,,\nt2,a,b,1,EUR,,,\n`,
    );
    expect(requests.map(({ problems }) => problems.map(({ line }) => line))).toEqual([[3], []]);
    expect(requests[0]?.body).toEqual({});
  });

  it('that contradict the first row of their transfer are named', async () => {
    const [request] = await requestsIn(`${HEADER}t1,a,b,5,EUR,r1,,\nt1,a,c,7,EUR,r2,,4711\n`);
    expect(request?.problems).toEqual([
      expect.objectContaining({ line: 3, field: 'reference' }),
      expect.objectContaining({ line: 3, field: 'metadata.order' }),
    ]);
  });

  it('need an id each where the file has ids', async () => {
    const requests = await requestsIn(`${HEADER},a,b,5,EUR,,,\n,a,b,5,EUR,,,\n`);
    expect(requests.map(({ problems }) => problems)).toEqual([
      [expect.objectContaining({ line: 2, field: 'id' })],
      [expect.objectContaining({ line: 3, field: 'id' })],
    ]);
  });

  it('must have as many cells as the header', async () => {
    const [request] = await requestsIn(`${HEADER}t1,a,b,5,EUR\n`);
    expect(request?.problems).toEqual([
      {
        line: 2,
        field: null,
        problem: '5 cells',
        expected: '8 cells, as in the header; a cell with a comma in quotes',
      },
    ]);
  });

  it('must be UTF-8', async () => {
    const [request] = await requestsIn(`${HEADER}t1,a,b,5,EUR,,Caf\uFFFD,\n`);
    expect(request?.problems).toEqual([
      expect.objectContaining({ field: 'description', expected: 'a file saved as UTF-8' }),
    ]);
  });
});

describe('ids of rows in a file without ids', () => {
  const idsOf = async (text: string) => (await requestsIn(text)).map(({ body }) => body['id']);

  it('are the same for the same file, also when other rows come and go', async () => {
    const before = await idsOf('debit,credit,amount,currency\na,b,5,EUR\na,b,6,EUR\n');
    const after = await idsOf('debit,credit,amount,currency\na,c,1,EUR\na,b,6,EUR\na,b,5,EUR\n');
    expect(after.slice(1)).toEqual(before.toReversed());
  });

  it('do not depend on the order of columns, nor on empty ones', async () => {
    expect(await idsOf('reference,amount,debit,credit,currency\n,5,a,b,EUR\n')).toEqual(
      await idsOf('debit,credit,amount,currency\na,b,5,EUR\n'),
    );
  });

  it('tell apart rows that say the same', async () => {
    const text = 'debit,credit,amount,currency\na,b,5,EUR\na,b,5,EUR\na,b,5,EUR\n';
    const ids = await idsOf(text);
    expect(new Set(ids).size).toBe(3);
    expect(await idsOf(text)).toEqual(ids);
  });
});
