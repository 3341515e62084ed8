let last = { ms: 0, text: '' };

/** The present, RFC 3339 in UTC with milliseconds: the one place outside the stores that asks for it. */
export function utcNow(): string {
  const ms = Date.now();
  // Many requests come in the same millisecond, and writing it out takes longer than asking.
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}
