// Verifies everything again and again, in one process at a time, and publishes what came of it. It
// repairs nothing: what is wrong is logged, recorded, and stays until somebody sees to it.
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger } from 'pino';
import { SESSION_LOCKS, tryLock, withConnection } from '../../engine/connection.js';
import { findingText } from '../finding.js';
import { NothingProjected } from '../snapshot.js';
import { recordVerification } from '../verification-record.js';
import { type VerifySlowlyOptions, verifySlowly } from './verify-slowly.js';

/** When it begins, and how long it rests after each time. */
export interface VerificationTimes {
  readonly firstAfterMs: number;
  readonly restMs: number;
}

export const VERIFICATION_TIMES: VerificationTimes = { firstAfterMs: 60_000, restMs: 600_000 };

export interface KeepVerifyingOptions extends VerifySlowlyOptions {
  /** `pool` of two connections: one holds the lock, one reads. */
  readonly log: Logger;
  readonly times: VerificationTimes;
}

/** Ends when the signal is aborted. Never rejects: what goes wrong is logged, and tried again later. */
export async function keepVerifying(options: KeepVerifyingOptions): Promise<void> {
  const { signal, log, times } = options;
  let restMs = times.firstAfterMs;
  for (;;) {
    await delay(restMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    restMs = times.restMs;
    try {
      await verifyAlone(options);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof NothingProjected) log.debug('there is nothing to verify yet');
      else log.warn({ err: error }, 'verification was interrupted; trying again later');
    }
  }
}

// Another process that verifies finds what there is to find.
async function verifyAlone(options: KeepVerifyingOptions): Promise<void> {
  const { pool, log } = options;
  await withConnection(pool, async (database, lost) => {
    if (!(await tryLock(database, SESSION_LOCKS.verifier))) return;
    const signal = AbortSignal.any([options.signal, lost]);
    const verified = await verifySlowly({ ...options, signal });
    await recordVerification(pool, verified);
    const { generation, position, findings } = verified;
    for (const finding of findings.told) log.error({ finding }, findingText(finding));
    if (findings.count === 0) log.debug({ generation, position }, 'all rows were verified');
    else log.error({ generation, position, findings: findings.count }, 'verification failed');
  });
}
