// Cursors: where a page ended, as an opaque text that only the list which gave it out takes back.
import { ApiError } from './api-error.js';

/** Longer ones were not made here. */
export const CURSOR_LENGTH_MAX = 1_024;

/**
 * @param list what is being paged, with everything that must stay the same from page to page.
 * @param key the sort key of the last item of the page.
 */
export function encodeCursor(list: string, key: readonly string[]): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** The sort key that `encodeCursor` was given for the same list. Throws ApiError INVALID_CURSOR. */
export function decodeCursor(list: string, cursor: string, keyLength: number): string[] {
  const [madeFor, ...key] = cursor.length <= CURSOR_LENGTH_MAX ? textsIn(cursor) : [];
  if (madeFor === list && key.length === keyLength) return key;
  throw new ApiError('INVALID_CURSOR', 'cursor: not a cursor of this list.', {
    details: {
      fields: [
        {
          field: 'cursor',
          problem: 'not a cursor of this list',
          expected: 'meta.nextCursor of the page before, with the same filters; or none',
        },
      ],
    },
  });
}

function textsIn(cursor: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return isTexts ? value : [];
  } catch {
    return [];
  }
}
