// Work that costs so much that only one of its kind may be under way.

/** As many wait as may. */
export class TooManyWait extends Error {
  override readonly name = 'TooManyWait';
}

export class OneAtATime {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly waitingMax: number) {}

  /** Begins when all work that came before has ended, well or not. Throws TooManyWait. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= this.waitingMax) throw new TooManyWait(`${this.waitingMax} wait already`);
    this.waiting += 1;
    const result = this.last.then(work).finally(() => {
      this.waiting -= 1;
    });
    this.last = result.catch(() => undefined);
    return result;
  }
}
