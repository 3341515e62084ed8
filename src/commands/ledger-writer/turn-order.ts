// Who writes next to a ledger that several processes write to: whoever wrote longest ago. The log alone
// says so, and therefore all of them agree without a word.
import { randomBytes } from 'node:crypto';

const WRITER_BYTES = 6;
/** The order of so many writers is known. */
const WRITERS_MAX = 64;

/** What a writer wrote without another one in between. */
interface Turn {
  readonly writer: string;
  events: number;
}

export class TurnOrder {
  /** The last turn of each writer, the oldest first. */
  private readonly turns: Turn[] = [];
  private wroteAt = -Infinity;

  /** @param self what this writer is called in the metadata of its events; nobody else is called so. */
  constructor(readonly self: string = randomBytes(WRITER_BYTES).toString('base64url')) {}

  /** An event that was read, in the order of the log. */
  read(writer: string): void {
    const last = this.turns.at(-1);
    if (last?.writer !== writer) return this.add({ writer, events: 1 });
    last.events += 1;
    this.wroteAt = performance.now();
  }

  /** A group that this writer appended. */
  appended(events: number): void {
    this.add({ writer: this.self, events });
  }

  /** How many events each of those wrote last who are to write before this writer. */
  get ahead(): readonly number[] {
    return this.turns.slice(0, Math.max(this.placeOf(this.self), 0)).map(({ events }) => events);
  }

  /** Whether others have an order in which this writer has no place. */
  get isNew(): boolean {
    return this.turns.length > 0 && this.placeOf(this.self) < 0;
  }

  /** How long nobody has been known to write. */
  get silentMs(): number {
    return performance.now() - this.wroteAt;
  }

  /** Whoever let their turn pass loses their place. */
  private add(turn: Turn): void {
    this.turns.splice(0, this.placeOf(turn.writer) + 1);
    this.turns.push(turn);
    if (this.turns.length > WRITERS_MAX) this.turns.shift();
    this.wroteAt = performance.now();
  }

  private placeOf(writer: string): number {
    return this.turns.findIndex((turn) => turn.writer === writer);
  }
}
