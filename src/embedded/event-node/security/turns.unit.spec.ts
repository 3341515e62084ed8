import { createTurns } from './turns.js';

/** Work that ends when told, and what has begun of it. */
function controlled() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('work that takes turns', () => {
  it('begins so many at a time, and the next ones in order as others end', async () => {
    const turns = createTurns({ atATime: 2, waitingMax: 2 });
    const { begun, work, end } = controlled();
    const all = ['a', 'b', 'c', 'd'].map((name) => turns.take(work(name)));
    await settle();
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
    end('a');
    await settle();
    end('c');
    end('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is refused when too much waits, and taken again after that', async () => {
    const turns = createTurns({ atATime: 1, waitingMax: 1 });
    const { work, end } = controlled();
    const first = turns.take(work('first'));
    const second = turns.take(work('second'));
    await expect(turns.take(work('third'))).rejects.toThrow('Server Is Too Busy');
    end('first');
    await first;
    await settle();
    end('second');
    await second;
    const fourth = turns.take(work('fourth'));
    await settle();
    end('fourth');
    expect(await fourth).toBe('fourth');
  });

  it('goes on after work that fails', async () => {
    const turns = createTurns({ atATime: 1, waitingMax: 1 });
    const failing = turns.take(() => Promise.reject(new Error('no')));
    const next = turns.take(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
