// The two query parameters that every list takes.
import { Field, rule, text } from './fields.js';
import { CURSOR_LENGTH_MAX } from './cursor.js';

const PAGE_LIMIT_DEFAULT = 50;
const PAGE_LIMIT_MAX = 500;

const pageLimit = rule(
  `a whole number from 1 to ${PAGE_LIMIT_MAX}`,
  (value) =>
    typeof value === 'string' && /^[1-9]\d{0,3}$/.test(value) && Number(value) <= PAGE_LIMIT_MAX,
  { type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX, default: PAGE_LIMIT_DEFAULT },
);
const cursorText = text({
  lengthMax: CURSOR_LENGTH_MAX,
  expected: '`meta.nextCursor` of the page before',
});

/** Extend it with a list's own filters. */
export class PageQuery {
  @Field(pageLimit, { optional: true })
  limit?: string;

  @Field(cursorText, { optional: true })
  cursor?: string;
}

/** Items per page that the query asks for. */
export function limitOf(query: PageQuery): number {
  return query.limit === undefined ? PAGE_LIMIT_DEFAULT : Number(query.limit);
}
