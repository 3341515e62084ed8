// A failure that a person can act on: one line that says what is wrong and what would help. The
// command line turns its kind into an exit code that a script can tell apart.

export const EXIT_OK = 0;
export const EXIT_CODES = {
  /** The command worked, and what it looked at is not right. */
  findings: 1,
  /** The caller's words or settings are wrong. */
  usage: 2,
  /** It could be done but would endanger data. */
  refused: 3,
  /** Something this depends on is missing, broken or unreachable. */
  infrastructure: 4,
} as const;

export type FailureKind = keyof typeof EXIT_CODES;

/** What was looked at is not right, and the result that was told says all about it. */
export class FindingsTold extends Error {
  override readonly name = 'FindingsTold';
}

export class Failure extends Error {
  override name = 'Failure';
  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
