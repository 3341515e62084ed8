// Closing a period: from then on nothing may count on its days any more. Reopening is recorded as well.
import { type Decision, UNCHANGED, happened, recordedAtOf, rejected } from './decision.js';
import { dayOf } from './effective-time.js';
import { type LedgerState } from './state.js';

interface PeriodCommand {
  /** For whoever reads the audit trail. */
  readonly reason: string;
  readonly now: string;
}

export interface ClosePeriod extends PeriodCommand {
  readonly type: 'ClosePeriod';
  /** The last day to be closed, in UTC: `2026-06-30`. */
  readonly through: string;
}

export interface ReopenPeriod extends PeriodCommand {
  readonly type: 'ReopenPeriod';
  /** The last day that stays closed; null opens all. */
  readonly closedThrough: string | null;
}

/** Only days that are over can be closed; what is closed so far already, is left unchanged. */
export function closePeriod(state: LedgerState, command: ClosePeriod): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const { through, reason } = command;
  const recordedAt = recordedAtOf(command.now, state.recordedAt);
  if (through >= dayOf(recordedAt)) {
    const problem = `${through} is not over yet`;
    return invalidPeriod('through', problem, `a day before ${dayOf(recordedAt)} (UTC)`);
  }
  if (state.closedThrough !== null && through <= state.closedThrough) return UNCHANGED;
  return happened({ type: 'PeriodClosed', data: { through, reason, recordedAt } });
}

/** Opens every day after `closedThrough` again; what is open so far already, is left unchanged. */
export function reopenPeriod(state: LedgerState, command: ReopenPeriod): Decision {
  if (!state.header) return rejected('LEDGER_NOT_FOUND', 'There is no such ledger.');
  const { closedThrough, reason } = command;
  const closed = state.closedThrough;
  if (closed === closedThrough) return UNCHANGED;
  if (closed === null || (closedThrough !== null && closedThrough > closed)) {
    const problem = `${closedThrough} is not closed`;
    const expected = closed === null ? 'null: no day is closed' : `a day before ${closed}, or null`;
    return invalidPeriod('closedThrough', problem, expected);
  }
  const recordedAt = recordedAtOf(command.now, state.recordedAt);
  return happened({ type: 'PeriodReopened', data: { closedThrough, reason, recordedAt } });
}

function invalidPeriod(field: string, problem: string, expected: string): Decision {
  return rejected('INVALID_PERIOD', `${field}: ${problem}.`, [{ field, problem, expected }]);
}
