// What metadata say, for texts that EventStoreDB 24.6 was asked about.
import { parseMetadata, withTruncateBefore } from './stream-metadata.js';

const MAX = '9223372036854775807';

describe('metadata', () => {
  it.each<[string, ReturnType<typeof parseMetadata>]>([
    ['{"$maxCount":2}', { maxCount: 2 }],
    ['{"$maxAge":7}', { maxAgeSeconds: 7 }],
    ['{"$tb":3}', { truncateBefore: 3 }],
    [`{"$tb":${MAX}}`, { truncateBefore: 2 ** 63, isSoftDeleted: true }],
    ['{"$tb":9223372036854775806}', { truncateBefore: 2 ** 63 }],
    ['{"$tb":1,"$maxCount":2,"mine":[1,{"a":2}]}', { truncateBefore: 1, maxCount: 2 }],
    ['{"$cacheControl":5,"$tmp":true,"$maxCount":2}', { maxCount: 2 }],
    [
      '{"$acl":{"$r":"a","$w":["b","c"],"$d":[],"$mr":"","$mw":"d"}}',
      {
        acl: {
          read: ['a'],
          write: ['b', 'c'],
          delete: [],
          readMetadata: [''],
          writeMetadata: ['d'],
        },
      },
    ],
    ['{"$maxCount":1,"$maxCount":2}', { maxCount: 2 }],
  ])('%s', (text, expected) => {
    expect(parseMetadata(text)).toEqual(expected);
  });

  it.each([
    '{"$maxCount":2} x',
    '{"$maxCount":2,}',
    "{'$maxCount':2}",
    '{$maxCount:2}',
    '\ufeff{"$maxCount":2}',
    ' {"$maxCount":2}',
    '{"$maxCount":02}',
    '{"$maxCount":0x2}',
    String.raw`{"$max\u0043ount":2}`,
    '{"mine":\'it\',"other":-1.5e3,"last":null,"$maxCount":2}',
  ])('may be written like %s', (text) => {
    expect(parseMetadata(text)).toEqual({ maxCount: 2 });
  });

  it.each([
    ...['0', '-1', '"2"', '2.0', '2.5', '1e0', 'null', 'true', '9223372036854775808', '+2', '08'],
    '/* two */2',
  ])('do not limit the number of events to %s', (value) => {
    expect(parseMetadata(`{"$maxCount":${value}}`)).toEqual({});
  });

  it.each([
    ...['"$tb":"x"', '"$maxAge":"1"', '"$cacheControl":"x"', '"$tmp":1', '"$acl":"x"'],
    ...['"$acl":{"$r":5}', '"$acl":{"$r":[1]}', '"$acl":{"other":"x"}', '"$acl":null'],
    ...['"$acl":{"constructor":"x"}', `"$maxAge":${MAX}`, '"mine":nothing', '"mine"', ','],
  ])('are void as a whole with %s', (member) => {
    expect(parseMetadata(`{"$maxCount":2,${member}}`)).toEqual({});
  });

  it.each(['{', '', '[]', '"x"', 'null', '5', '{{{', '{"$maxCount"', `${'['.repeat(100_000)}`])(
    'are nothing if the text is %.20s',
    (text) => {
      expect(parseMetadata(text)).toEqual({});
    },
  );

  it('are void if they are nested without end', () => {
    expect(parseMetadata(`{"$maxCount":2,"mine":${'['.repeat(100_000)}`)).toEqual({});
  });
});

describe('metadata of a stream that is written again', () => {
  it.each([
    [`{"$tb":${MAX}}`, '{"$tb":3}'],
    [`{"$tb":${MAX},"mine":1}`, '{"$tb":3,"mine":1}'],
    ['{"mine":"x"}', '{"mine":"x","$tb":3}'],
    [
      "{ 'mine' : [ 1.50, null, true, {a:'\"'} ] }",
      '{"mine":[1.50,null,true,{"a":"\\""}],"$tb":3}',
    ],
  ])('keep all but where the stream begins: %s', (before, after) => {
    expect(withTruncateBefore(before, 3)).toBe(after);
  });

  it('stay as they are if they are no JSON object', () => {
    expect(withTruncateBefore('{{{', 3)).toBeUndefined();
  });
});
