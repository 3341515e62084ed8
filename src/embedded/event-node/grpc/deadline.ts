// How long a caller waits, as the header `grpc-timeout` says it: up to eight digits and a unit.
const TIMEOUT = /^(\d{1,8})\s*([HMSmun])$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};
/** What a timer can count up to. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Undefined if it is no time. */
export function timeoutOf(header: string): number | undefined {
  const [, digits, unit = ''] = TIMEOUT.exec(header) ?? [];
  const unitMs = UNIT_MS[unit];
  if (digits === undefined || unitMs === undefined) return undefined;
  return Math.min(Number(digits) * unitMs, TIMER_MS_MAX);
}
