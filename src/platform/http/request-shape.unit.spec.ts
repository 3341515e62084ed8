import { type ApiError } from './api-error.js';
import { Field, amountText, choice, rule, text, wholeNumber } from './fields.js';
import { PageQuery, limitOf } from './paging.js';
import { RequestShapePipe, listOf, objectOf, read } from './request-shape.js';

class Item {
  @Field(amountText('1.00'))
  amount!: string;
}

class Parcel {
  @Field(wholeNumber({ min: 1, max: 9, of: 'its weight' }))
  weight!: number;
}

class Order {
  @Field(text({ lengthMax: 5 }))
  name!: string;

  @Field(choice(['new', 'old']), { optional: true })
  kind?: string | null;

  @Field(listOf(Item, { min: 1, max: 2, of: 'items' }), { optional: true })
  items?: Item[] | null;

  @Field(objectOf(Parcel), { optional: true })
  parcel?: Parcel | null;

  @Field(rule('an object', (value) => typeof value === 'object', { type: 'string' }), {
    optional: true,
  })
  extra?: object | null;
}

function fieldsOf(sent: unknown): string[] {
  try {
    read(Order, sent, 'body');
    return [];
  } catch (error) {
    const { fields } = (error as ApiError).context.details as { fields: { field: string }[] };
    return fields.map(({ field }) => field);
  }
}

describe('reading a request', () => {
  it('gives an instance with the fields that were sent', () => {
    const order = read(Order, { name: 'abc', items: [{ amount: '1' }] }, 'body');
    expect(order).toBeInstanceOf(Order);
    expect(order).toMatchObject({ name: 'abc', items: [{ amount: '1' }] });
  });

  it('takes null for absent where a field is optional', () => {
    expect(fieldsOf({ name: 'abc', kind: null, items: null })).toEqual([]);
  });

  it.each([
    ['a missing field', {}, ['name']],
    ['null for a required field', { name: null }, ['name']],
    ['an unknown field', { name: 'a', nmae: 'b' }, ['nmae']],
    ['a text that is too long', { name: 'abcdef' }, ['name']],
    ['an empty text', { name: '' }, ['name']],
    ['a control character', { name: 'a\u0007' }, ['name']],
    ['half a character', { name: '\udc00' }, ['name']],
    ['a word that is none of the few', { name: 'a', kind: 'odd' }, ['kind']],
    ['a list where a word belongs', { name: 'a', kind: ['new'] }, ['kind']],
    ['an empty list', { name: 'a', items: [] }, ['items']],
    ['a list that is too long', { name: 'a', items: [{}, {}, {}] }, ['items']],
    ['a wrong item', { name: 'a', items: [{ amount: '1' }, { amount: 1 }] }, ['items[1].amount']],
    ['an item that is none', { name: 'a', items: ['x'] }, ['items[0]']],
    ['an object that is none', { name: 'a', parcel: [] }, ['parcel']],
    ['a missing field of an object', { name: 'a', parcel: {} }, ['parcel.weight']],
    ['an unknown field of an object', { name: 'a', parcel: { weight: 1, x: 1 } }, ['parcel.x']],
    ['a number out of range', { name: 'a', parcel: { weight: 10 } }, ['parcel.weight']],
    ['a fraction', { name: 'a', parcel: { weight: 1.5 } }, ['parcel.weight']],
    ['a number beyond all numbers', { name: 'a', parcel: { weight: Infinity } }, ['parcel.weight']],
    ['several problems', { kind: 'odd', other: 1 }, ['name', 'kind', 'other']],
    ['nothing', undefined, ['body']],
    ['a list', [], ['body']],
    ['a text', 'x', ['body']],
  ])('names the fields of %s', (_what, sent, fields) => expect(fieldsOf(sent)).toEqual(fields));

  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    'takes a field named %s for an unknown one',
    (name) => {
      const sent = Object.fromEntries([
        ['name', 'a'],
        [name, { x: 1 }],
      ]) as unknown;
      expect(fieldsOf(sent)).toEqual([name]);
    },
  );

  it('leaves values as they were sent', () => {
    const extra = { constructor: 'x', then: 'y' };
    expect(read(Order, { name: 'a', extra }, 'body').extra).toEqual(extra);
  });

  it('repeats no more than the beginning of a value', () => {
    const name = 'x'.repeat(1_000_000);
    expect(() => read(Order, { name }, 'body')).toThrow(/^name: "x{60}\.\.\."/);
  });

  it('lets parameters pass that are not of a request class', () => {
    const pipe = new RequestShapePipe();
    expect(pipe.transform('demo', { type: 'param', metatype: String })).toBe('demo');
  });
});

describe('a page', () => {
  const limit = (value: unknown) => read(PageQuery, { limit: value }, 'query');

  it('has 50 items unless told otherwise', () => {
    expect(limitOf(read(PageQuery, {}, 'query'))).toBe(50);
    expect(limitOf(limit('500'))).toBe(500);
  });

  it.each(['0', '-1', '501', '1.5', '1e2', '', 'ten', '00', ['1', '2']])(
    'does not have %j items',
    (value) => expect(() => limit(value)).toThrow(/^limit: /),
  );
});
