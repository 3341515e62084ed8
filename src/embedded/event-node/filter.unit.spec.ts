// What passes a filter; the expressions are those that clients of .NET servers write.
import { createFilter, type FilterExpression } from './filter.js';
import { EMPTY } from './protobuf.js';

const event = (streamName: string, type = 'T') => ({
  position: 1,
  id: EMPTY,
  streamName,
  type,
  body: EMPTY,
});
const passing = (filter: Partial<FilterExpression>, names: string[]) => {
  const { passes } = createFilter({ on: 'stream', regex: '', prefixes: [], ...filter });
  return names.filter((name) => passes(filter.on === 'type' ? event('s', name) : event(name)));
};

describe('a filter', () => {
  it('takes any of its prefixes, in their case', () => {
    expect(passing({ prefixes: ['a', 'b-'] }, ['a1', 'A1', 'b-1', 'b1'])).toEqual(['a1', 'b-1']);
  });

  it('takes nothing without a prefix and everything with an empty one', () => {
    expect(passing({}, ['a', '$b'])).toEqual([]);
    expect(passing({ prefixes: [''] }, ['a', '$b'])).toEqual(['a', '$b']);
  });

  it('prefers an expression to prefixes, unless it is empty', () => {
    expect(passing({ regex: '^a', prefixes: ['b'] }, ['a', 'b'])).toEqual(['a']);
    expect(passing({ regex: '', prefixes: ['b'] }, ['a', 'b'])).toEqual(['b']);
  });

  it.each([
    ['1|x$', ['a1', 'bx', 'c'], ['a1', 'bx']],
    [String.raw`^[^\$].*`, ['a', '$a'], ['a']],
    ['(?i)^order$', ['Order', 'ORDER', 'orders'], ['Order', 'ORDER']],
    ['(?<=Order)Paid', ['OrderPaid', 'Paid'], ['OrderPaid']],
    [String.raw`^\p{Lu}l$`, ['Öl', 'öl'], ['Öl']],
    [String.raw`^a\-b$`, ['a-b'], ['a-b']],
  ])('searches with %s', (regex, names, expected) => {
    expect(passing({ on: 'type', regex }, names)).toEqual(expected);
  });

  it('refuses what is no expression', () => {
    expect(() => createFilter({ on: 'type', regex: '(', prefixes: [] })).toThrow(SyntaxError);
  });

  it('ends a search that would take for ever, and goes on with others', () => {
    const { passes } = createFilter({ on: 'stream', regex: '^(a+)+$', prefixes: [] });
    expect(() => passes(event(`${'a'.repeat(60)}!`))).toThrow(/takes too long/);
    expect(passes(event('aaa'))).toBe(true);
    expect(passes(event('b'))).toBe(false);
    expect(passes(event('aaa'))).toBe(true);
  });
});
