import { TurnOrder } from './turn-order.js';

/** As `self` sees it once all of them wrote, each one event. */
function orderAfter(...writers: string[]): TurnOrder {
  const order = new TurnOrder('self');
  for (const writer of writers) order.read(writer);
  return order;
}

describe('the order of turns', () => {
  it('lets nobody wait who is alone', () => {
    expect(orderAfter().ahead).toEqual([]);
    expect(orderAfter('self', 'self').ahead).toEqual([]);
  });

  it.each<[string[], number]>([
    [['self', 'a', 'b'], 0],
    [['a', 'self', 'b'], 1],
    [['a', 'b', 'self'], 2],
    [['a', 'b', 'self', 'a'], 1],
    [['a', 'b', 'self', 'a', 'b'], 0],
  ])('lets whoever wrote longest ago be the next: after %j', (writers, ahead) => {
    expect(orderAfter(...writers).ahead).toHaveLength(ahead);
  });

  it('takes their places from those who let their turn pass', () => {
    const order = orderAfter('a', 'b', 'self', 'b');
    expect(order.ahead).toHaveLength(0);
    order.appended(1);
    expect(order.ahead).toHaveLength(1);
    order.appended(1);
    expect(order.ahead).toHaveLength(0);
  });

  it('has no place for a newcomer before it wrote', () => {
    expect(orderAfter().isNew).toBe(false);
    const order = orderAfter('a', 'b');
    expect(order.isNew).toBe(true);
    expect(order.ahead).toEqual([]);
    order.appended(1);
    expect(order.isNew).toBe(false);
    expect(order.ahead).toHaveLength(2);
  });

  it('knows how much each of those ahead wrote last', () => {
    const order = orderAfter('a', 'a', 'a', 'b');
    order.appended(9);
    expect(order.ahead).toEqual([3, 1]);
  });

  it('remembers only so many', () => {
    const strangers = Array.from({ length: 1_000 }, (_, n) => `stranger-${n}`);
    expect(orderAfter(...strangers, 'self').ahead.length).toBeLessThan(100);
  });

  it('calls every writer otherwise', () => {
    expect(new TurnOrder().self).not.toBe(new TurnOrder().self);
  });
});
