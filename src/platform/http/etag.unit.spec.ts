import { ApiError } from './api-error.js';
import { etagOf, expectedVersionOf } from './etag.js';

describe('If-Match', () => {
  it.each([
    ['no header', undefined, null],
    ['an ETag', etagOf({ version: 3 }), 3],
    ['a version', '17', 17],
  ])('is read from %s', (_what, header, version) => {
    expect(expectedVersionOf(header)).toBe(version);
  });

  it.each([
    '',
    '*',
    '0',
    '"0"',
    '"3',
    '3"',
    'W/"3"',
    '"3", "4"',
    '3.0',
    '-1',
    'three',
    '9'.repeat(16),
  ])('is not read from %j', (header) => {
    expect(() => expectedVersionOf(header)).toThrow(ApiError);
  });
});
