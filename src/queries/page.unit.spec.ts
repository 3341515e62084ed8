import { ApiError } from '../platform/http/api-error.js';
import { encodeCursor } from '../platform/http/cursor.js';
import { MILLISECONDS, type PagedList, WHOLE_NUMBER, keyToContinue, pageOf } from './page.js';

const numbers = (changes: Partial<PagedList<number>> = {}): PagedList<number> => ({
  name: 'numbers',
  filters: { ledger: 'shop', from: undefined },
  limit: 2,
  cursor: undefined,
  keyOf: (number) => [String(number)],
  keyPatterns: [WHOLE_NUMBER],
  ...changes,
});
const cursorAfter = (list: PagedList<number>, ...found: number[]) =>
  pageOf(list, found).nextCursor ?? '';

describe('a page', () => {
  it('holds no more than asked for, and says where to go on', () => {
    const { items, nextCursor } = pageOf(numbers(), [5, 6, 7]);
    expect(items).toEqual([5, 6]);
    expect(keyToContinue(numbers({ cursor: nextCursor ?? '' }))).toEqual(['6']);
  });

  it('has no cursor when it is the last', () => {
    expect(pageOf(numbers(), [5, 6])).toEqual({ items: [5, 6] });
    expect(pageOf(numbers(), [])).toEqual({ items: [] });
  });

  it('begins at the beginning without a cursor', () => {
    expect(keyToContinue(numbers())).toBeUndefined();
  });
});

describe('a cursor is turned away', () => {
  const refused = (list: PagedList<number>) => {
    try {
      return keyToContinue(list);
    } catch (error) {
      return error instanceof ApiError ? error.code : error;
    }
  };
  const cursor = cursorAfter(numbers(), 5, 6, 7);

  it.each([
    ['of another list', { cursor, name: 'digits' }],
    ['with other filters', { cursor, filters: { ledger: 'other' } }],
    ['that is not one', { cursor: 'bm9uc2Vuc2U' }],
    ['that is empty', { cursor: '' }],
    [
      'whose key is not of its kind',
      { cursor: cursorAfter(numbers({ keyOf: () => ["1' OR 1"] }), 5, 6, 7) },
    ],
    [
      'whose key is beyond all numbers',
      { cursor: cursorAfter(numbers({ keyOf: () => ['9'.repeat(40)] }), 5, 6, 7) },
    ],
    [
      'whose time is in no year',
      {
        keyPatterns: [MILLISECONDS],
        cursor: cursorAfter(numbers({ keyOf: () => ['-999999999999999'] }), 5, 6, 7),
      },
    ],
    ['made for a name that looks alike', { cursor: encodeCursor('numbers', ['6']) }],
  ])('%s', (_case, changes) => {
    expect(refused(numbers(changes))).toBe('INVALID_CURSOR');
  });
});
