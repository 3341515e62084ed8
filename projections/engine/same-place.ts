// Brings a generation to exactly the place of the log where the live one is, and compares them there,
// while the live one goes on.
import { type ClientBase } from 'pg';
import { type Position } from '../../src/event-store/event-store.js';
import { type Build, BuildStopped, fill } from './build.js';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import { type Comparison, compareGenerations } from './comparison.js';
import { withConnection } from './connection.js';
import { inTransaction } from './generations.js';

/** So close behind, the rest takes a moment, for which the live projector may be held. */
const CLOSE_EVENTS = 2_000;
/** How long holding it waits for the batch that it is at. */
const HOLD_LOCK_TIMEOUT_MS = 5_000;
/** How long the live projector may be held while the other generation catches up with it. */
const HOLD_MAX_MS = 20_000;

/** The live generation is behind the other one, and stays there: they cannot be compared. */
export class LiveIsBehind extends Error {
  override readonly name = 'LiveIsBehind';
}

/** Throws LiveIsBehind, BuildStopped, or what `follow` throws. */
export async function compareAtSamePlace(
  build: Build,
  isAskedFor?: (table: string) => boolean,
): Promise<Comparison> {
  const { pool, live, next } = build;
  await comeClose(build);
  return withConnection(pool, async (snapshot) => {
    const position = await withConnection(pool, (holder) =>
      inTransaction(holder, async () => {
        const held = await holdLive(holder, build);
        await catchUpWith(held, build);
        await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        // The snapshot is taken by the first statement.
        assertNotAhead(await readCheckpoint(snapshot, next.number), held);
        return held?.last?.position;
      }),
    );
    return compareGenerations(snapshot, {
      ...{ live: live.number, next: next.number, position: position?.toString() ?? null },
      ...(isAskedFor && { isAskedFor }),
    });
  });
}

// The live one moves on meanwhile, but not as fast.
async function comeClose(build: Build): Promise<void> {
  for (let missing = Infinity; missing > CLOSE_EVENTS;) {
    const target = placeOf(await readCheckpoint(build.database, build.live.number));
    if (target === undefined) return;
    const before = await readCheckpoint(build.database, build.next.number);
    await fill(build, target);
    const after = await readCheckpoint(build.database, build.next.number);
    missing = (after?.events ?? 0) - (before?.events ?? 0);
  }
}

/** Keeps the live projector waiting until the transaction ends, and answers with how far it is. */
export async function holdLive(
  database: ClientBase,
  { live }: Build,
): Promise<Checkpoint | undefined> {
  await database.query(`SET LOCAL lock_timeout = ${HOLD_LOCK_TIMEOUT_MS}`);
  return readCheckpoint(database, live.number, 'FOR UPDATE');
}

/** Applies what the live generation has applied, which somebody is holding. */
export async function catchUpWith(held: Checkpoint | undefined, build: Build): Promise<void> {
  const target = placeOf(held);
  if (target === undefined) return;
  const inTime = AbortSignal.timeout(HOLD_MAX_MS);
  try {
    await fill({ ...build, signal: AbortSignal.any([build.signal, inTime]) }, target);
  } catch (error) {
    if (!inTime.aborted || build.signal.aborted) throw error;
    throw new BuildStopped(
      `Generation ${build.next.number} did not catch up with the live one in time; nothing was ` +
        'changed. Try again when there is less to do.',
    );
  }
}

function placeOf(checkpoint: Checkpoint | undefined): Position | undefined {
  return checkpoint?.scanned?.position;
}

function assertNotAhead(next: Checkpoint | undefined, live: Checkpoint | undefined): void {
  if ((next?.last?.position ?? -1n) <= (live?.scanned?.position ?? -1n)) return;
  throw new LiveIsBehind(
    `Generation ${next?.generation} is ahead of the live one, which has to catch up before they can be ` +
      'compared: start its projector, or resume it.',
  );
}
