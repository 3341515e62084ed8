// How closing and reopening are answered.
import { type Answer } from '../platform/http/answer.js';
import { type PeriodsNow } from './submit-period-command.js';

export interface PeriodsAnswer {
  readonly ledger: string;
  readonly closedThrough: string | null;
}

export function periodsAnswer(
  ledger: string,
  { closedThrough, revision }: PeriodsNow,
): Answer<PeriodsAnswer> {
  return { data: { ledger, closedThrough }, meta: { revision } };
}
