// Versions as HTTP knows them: the `ETag` of what was read, the `If-Match` of what is to be changed.
import { invalidRequest } from './api-error.js';
import { problemWith } from './fields.js';

export const IF_MATCH_HEADER = 'If-Match';
const VERSION_PATTERN = /^(?:"([1-9]\d{0,14})"|([1-9]\d{0,14}))$/;

/** A strong one: the version counts every change. */
export function etagOf({ version }: { readonly version: number }): string {
  return `"${version}"`;
}

/** The version that `If-Match` asks for, null without the header. Throws ApiError INVALID_REQUEST. */
export function expectedVersionOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  const [, tag, bare] = VERSION_PATTERN.exec(header) ?? [];
  const version = tag ?? bare;
  if (version !== undefined) return Number(version);
  const expected = 'the `ETag` of the account as it was read, such as "3", or no such header';
  throw invalidRequest([{ field: IF_MATCH_HEADER, problem: problemWith(header), expected }]);
}
