import { parseCredentials } from './credentials.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('an authorization header', () => {
  it.each([
    ['names a user', basic('admin:changeit'), { name: 'admin', password: 'changeit' }],
    ['may have a colon in the password', basic('a:b:c'), { name: 'a', password: 'b:c' }],
    ['may name nobody', basic(':'), { name: '', password: '' }],
    ['may have an empty password', basic('admin:'), { name: 'admin', password: '' }],
    [
      'may have more spaces',
      `  ${basic('a:b').replace(' ', '   ')} `,
      { name: 'a', password: 'b' },
    ],
    ['may be missing', undefined, 'none'],
    ['may be empty', '', 'none'],
    ['says nothing without a colon', basic('admin'), 'none'],
    ['is of another scheme in lower case', basic('a:b').toLowerCase(), 'none'],
    ['may be of another scheme', 'Bearer abc', 'none'],
    ['may be Basic without anything', 'Basic', 'malformed'],
    ['may not be base64', 'Basic !!!', 'malformed'],
    ['may say too much', `${basic('a:b')} more`, 'malformed'],
  ])('%s', (_title, header, expected) => {
    expect(parseCredentials(header)).toEqual(expected);
  });
});
