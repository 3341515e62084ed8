// How fast a long piece of work goes, and how much longer it will take at that speed.

/** The speed is that of the last so many milliseconds: it follows when it changes, but does not jump. */
const WINDOW_MS = 10_000;
const SAMPLE_INTERVAL_MS = 500;

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** The clock is the caller's: any that counts milliseconds and never goes back. */
export class Pace {
  private samples: Sample[] = [];

  /** @param done what is done by now, in whatever unit. The first time it is where counting begins. */
  update(atMs: number, done: number): void {
    const [latest] = this.samples.slice(-1);
    if (latest && atMs - latest.atMs < SAMPLE_INTERVAL_MS) return;
    this.samples = this.samples.filter((sample) => atMs - sample.atMs <= WINDOW_MS);
    if (this.samples.length === 0 && latest) this.samples = [latest];
    this.samples.push({ atMs, done });
  }

  /** Undefined until there is something to tell it by. */
  get perSecond(): number | undefined {
    const first = this.samples.at(0);
    const last = this.samples.at(-1);
    if (!first || !last || first.atMs === last.atMs) return undefined;
    return ((last.done - first.done) * 1_000) / (last.atMs - first.atMs);
  }

  /** Undefined when it is not known, or would be never. */
  secondsFor(remaining: number): number | undefined {
    const speed = this.perSecond;
    return speed === undefined || speed <= 0 ? undefined : Math.ceil(remaining / speed);
  }
}
