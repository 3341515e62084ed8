// Pages of a list: one item more than asked for is fetched, which tells whether there is a next page.
// Pages continue after the key of their last item, so that what is added meanwhile moves nothing.
import { createHash } from 'node:crypto';
import { ApiError } from '../platform/http/api-error.js';
import { decodeCursor, encodeCursor } from '../platform/http/cursor.js';
import { utcOf } from '../platform/http/instant.js';

/** Digits of a revision or the like inside a cursor; more cannot have been given out. */
export const WHOLE_NUMBER = /^\d{1,15}$/;
/** The place of something inside one event: a leg of a transfer, a transfer of a batch. */
export const PLACE_NUMBER = /^\d{1,4}$/;
/** A time as answers have it. */
export const TIME: KeyPattern = { test: (text) => utcOf(text) === text };
const WHOLE_MILLISECONDS = /^-?\d{1,15}$/;
/** The same in milliseconds since 1970, or before it. */
export const MILLISECONDS: KeyPattern = {
  test: (text) => WHOLE_MILLISECONDS.test(text) && TIME.test(new Date(Number(text)).toISOString()),
};
export const ANY_TEXT = /^[^\0]*$/;

const LIST_NAME_DIGITS = 16;

/** What one part of a sort key looks like: a regular expression, or what a calendar knows. */
interface KeyPattern {
  test(text: string): boolean;
}

/** A list to page through: its name, and everything that must be the same from page to page. */
export interface PagedList<Item> {
  readonly name: string;
  readonly filters: Readonly<Record<string, unknown>>;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** The sort key of an item, and what each part of it looks like. */
  readonly keyOf: (item: Item) => readonly string[];
  readonly keyPatterns: readonly KeyPattern[];
}

/** A page of a list of one ledger. */
export interface PageOfLedger {
  readonly ledger: string;
  readonly minRevision: number | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** The key to continue after; undefined for the first page. Throws ApiError INVALID_CURSOR. */
export function keyToContinue(list: PagedList<never>): readonly string[] | undefined {
  const { cursor, keyPatterns } = list;
  if (cursor === undefined) return undefined;
  const key = decodeCursor(identityOf(list), cursor, keyPatterns.length);
  if (keyPatterns.every((pattern, index) => pattern.test(key[index] ?? ''))) return key;
  throw new ApiError('INVALID_CURSOR', 'cursor: not a cursor of this list.');
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** @param found `limit + 1` items, or all there are. */
export function pageOf<Item>(list: PagedList<Item>, found: readonly Item[]): Page<Item> {
  const items = found.slice(0, list.limit);
  const last = items.at(-1);
  if (last === undefined || found.length <= list.limit) return { items };
  return { items, nextCursor: encodeCursor(identityOf(list), list.keyOf(last)) };
}

function identityOf({ name, filters }: Pick<PagedList<never>, 'name' | 'filters'>): string {
  const text = JSON.stringify([name, filters]);
  return createHash('sha256').update(text).digest('hex').slice(0, LIST_NAME_DIGITS);
}
