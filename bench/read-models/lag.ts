// How long after its acknowledgement a transfer is in the read models, while more of them come.
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool } from 'pg';
import { GROUP_COMMANDS_MAX } from '../../src/commands/ledger-writer/decide-group.js';
import { type History, type Size } from './history.js';

const EVERY_MS = 10;
const POLL_MS = 2;
const DRAIN_MAX_MS = 30_000;

/** Lags of each group, in milliseconds: of what comes every 10 ms, at so many transfers a second. */
export async function lags(
  { history, pool }: { history: History; pool: Pool },
  size: Size,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<number[]> {
  const waiting: { position: bigint; acknowledgedAt: number }[] = [];
  const measured: number[] = [];
  let isAppending = true;
  const watching = (async () => {
    const giveUpAt = performance.now() + seconds * 1_000 + DRAIN_MAX_MS;
    while (isAppending || waiting.length > 0) {
      const { rows } = await pool.query<{ position: string }>(
        'SELECT position FROM reporting.freshness',
      );
      const now = performance.now();
      if (now > giveUpAt) throw new Error(`${waiting.length} groups did not arrive in time`);
      const position = BigInt(rows[0]?.position ?? -1);
      while (waiting[0] && waiting[0].position <= position) {
        measured.push(now - (waiting.shift()?.acknowledgedAt ?? now));
      }
      await delay(POLL_MS);
    }
  })();
  const appending = append().finally(() => {
    isAppending = false;
  });
  // Neither is left alone when the other fails.
  await Promise.allSettled([appending, watching]);
  await Promise.all([appending, watching]);
  return measured;

  async function append(): Promise<void> {
    const startedAt = performance.now();
    for (let sent = 0; performance.now() - startedAt < seconds * 1_000;) {
      const due = Math.floor(((performance.now() - startedAt) * rate) / 1_000);
      const length = Math.min(due - sent, GROUP_COMMANDS_MAX);
      const first = size.transfers + sent;
      const numbers = Array.from({ length }, (_, n) => first + n);
      sent += length;
      if (numbers.length > 0) {
        const position = await history.appendTransfers(numbers, size);
        waiting.push({ position, acknowledgedAt: performance.now() });
      }
      await delay(EVERY_MS);
    }
  }
}
