import { metadataFilter } from './rules.js';

describe('metadata filters', () => {
  const problems = (value: unknown) =>
    metadataFilter.check(value, 'metadata').map(({ field }) => field);

  it('are pairs of texts', () => {
    expect(problems({ city: 'Brno', empty: '' })).toEqual([]);
  });

  it.each([
    ['nothing', {}, ['metadata']],
    ['a text', 'x', ['metadata']],
    ['a key without letters', { '': 'x' }, ['metadata.']],
    ['a key given twice', { a: ['1', '2'] }, ['metadata.a']],
    ['a control character', { a: '\u0000' }, ['metadata.a']],
    ['too many', Object.fromEntries(Array.from({ length: 17 }, (_, n) => [n, 'x'])), ['metadata']],
  ])('are not %s', (_case, value, fields) => {
    expect(problems(value)).toEqual(fields);
  });
});
