/** The present, RFC 3339 in UTC with milliseconds: the one place outside the stores that asks for it. */
export function utcNow(): string {
  return new Date().toISOString();
}
