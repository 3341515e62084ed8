// Applies events to a generation: has them booked, and writes what they come to with the checkpoint. Booking
// may run ahead of writing; what was booked on top of rows that could not be written is thrown away.
import { type ClientBase } from 'pg';
import { type StoredEvent } from '../../src/event-store/event-store.js';
import { type Booked, Booker, type BookerOptions, passed } from './booker.js';
import { type Checkpoint } from './checkpoint.js';
import { type GatheredRows } from './gathered-rows.js';
import { schemaOf, TABLES } from './generations.js';
import { type LaneChanges, isContradiction, parking } from './lanes.js';
import { type BatchWriter, batchWriter } from './write-batch.js';

export class Applier {
  private readonly database: ClientBase;
  private readonly writer: BatchWriter;
  private readonly parked: Set<string>;
  private ahead: Booker;
  private current: Checkpoint;

  /** @param options whose database nobody else uses meanwhile. */
  constructor(options: BookerOptions) {
    this.database = options.database;
    this.current = options.checkpoint;
    this.parked = new Set(options.parked);
    this.writer = batchWriter(schemaOf(options.checkpoint.generation), TABLES);
    this.ahead = new Booker(options);
  }

  /** As it was written last. */
  get checkpoint(): Checkpoint {
    return this.current;
  }

  /** Books what is to be written next; another one after something could not be written as it was booked. */
  get booker(): Booker {
    return this.ahead;
  }

  isParked(lane: string): boolean {
    return this.parked.has(lane);
  }

  /**
   * Applies events, in their order, that were not applied before. Throws CheckpointMoved when somebody
   * else writes the generation, or what Postgres says when that has nothing to do with these events.
   */
  async apply(events: readonly StoredEvent[]): Promise<void> {
    const queue = [...events];
    try {
      for (const booked of await this.ahead.book(events, this.current)) {
        await this.write([booked]);
        queue.splice(0, booked.events);
      }
    } catch (error) {
      if (!isContradiction(error)) throw error;
      await this.applyApart(queue, error);
    }
  }

  /**
   * Writes in one transaction what was booked behind what was written before. False when that contradicts
   * what is stored: nothing is written then, everything booked is forgotten, and its events are to be
   * given to `apply`. Throws as that does.
   */
  async applyBooked(booked: readonly Booked[]): Promise<boolean> {
    try {
      await this.write(booked);
      return true;
    } catch (error) {
      if (!isContradiction(error)) throw error;
      this.forgetBooked();
      return false;
    }
  }

  /** Lets a lane go on with the others: everything of it that was looked at has been applied. */
  async resume(lane: string): Promise<void> {
    await this.commit([], this.current, { parked: [], resumed: [lane] });
  }

  // Postgres does not say which event it objects to: one half of them does, in the end by itself.
  private async applyApart(events: readonly StoredEvent[], objection: unknown): Promise<void> {
    this.forgetBooked();
    const [first] = events;
    if (first && events.length === 1) {
      const parked = [parking(first, objection)];
      await this.commit([], passed(this.current, first), { parked, resumed: [] });
      this.forgetBooked();
      return;
    }
    const half = Math.ceil(events.length / 2);
    await this.apply(events.slice(0, half));
    await this.apply(events.slice(half));
  }

  // What was booked but not written must not be built upon.
  private forgetBooked(): void {
    const { database, current: checkpoint, parked } = this;
    this.ahead = new Booker({ database, checkpoint, parked });
  }

  private async write(booked: readonly Booked[]): Promise<void> {
    const to = booked.at(-1)?.to ?? this.current;
    const parked = booked.flatMap((each) => each.parked);
    if (to === this.current && parked.length === 0) return;
    const rows = booked.map((each) => each.rows);
    await this.commit(rows, to, { parked, resumed: [] });
  }

  private async commit(
    rows: readonly GatheredRows[],
    to: Checkpoint,
    lanes: LaneChanges,
  ): Promise<void> {
    await this.writer.write(this.database, rows, { from: this.current, to, lanes });
    this.current = to;
    for (const { ledger } of lanes.parked) this.parked.add(ledger);
    for (const ledger of lanes.resumed) this.parked.delete(ledger);
  }
}
