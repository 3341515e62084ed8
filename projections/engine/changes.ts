// What was done to generations, by whom and why. Written in the transaction of what it tells of.
import { type ClientBase } from 'pg';

type Change = 'begun' | 'made live' | 'paused' | 'resumed' | 'dropped';

/** Somebody who changes something, and the reason that they give. */
export interface Cause {
  /** `cli:<user>`, or `projector` when it does so by itself. */
  readonly actor: string;
  readonly reason: string;
}

export async function recordChange(
  database: ClientBase,
  generation: number,
  change: Change,
  { actor, reason }: Cause,
): Promise<void> {
  await database.query(
    `INSERT INTO daybook.generation_change (generation, change, actor, reason)
     VALUES ($1, $2, $3, $4)`,
    [generation, change, actor, reason],
  );
}
