import { decodeCursor, encodeCursor } from './cursor.js';

describe('a cursor', () => {
  const cursor = encodeCursor('accounts', ['a:b', '7']);

  it('is taken back by the list that gave it out', () => {
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor('accounts', cursor, 2)).toEqual(['a:b', '7']);
  });

  it.each([
    ['another list', 'entries', cursor, 2],
    ['a key of another length', 'accounts', cursor, 1],
    ['a changed cursor', 'accounts', `${cursor.slice(0, -4)}AAAA`, 2],
    ['no cursor', 'accounts', '', 2],
    ['text', 'accounts', 'not a cursor', 2],
    ['a key of numbers', 'accounts', Buffer.from('["accounts",1,2]').toString('base64url'), 2],
    ['an object', 'accounts', Buffer.from('{}').toString('base64url'), 2],
    ['an endless cursor', 'accounts', encodeCursor('accounts', ['x'.repeat(2_000), '']), 2],
  ])('is refused for %s', (_what, list, given, length) => {
    expect(() => decodeCursor(list, given, length)).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR' }) as Error,
    );
  });
});
