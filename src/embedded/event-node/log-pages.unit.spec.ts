import { nextTurn } from './log-pages.js';

it('readers go on one by one, with a turn for others after each', async () => {
  const order: string[] = [];
  const readers = ['first', 'second'].map((reader) => nextTurn().then(() => order.push(reader)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(['first']);
  await Promise.all(readers);
  expect(order).toEqual(['first', 'second']);
});
