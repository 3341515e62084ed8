// What the auditor objects to.

export type Rule =
  /** The stream: numbered without a gap, chained by hash, time never going back. */
  | 'chain'
  | 'time'
  /** What the books allow: accounts that take entries, limits, debits equal to credits. */
  | 'books'
  /** What an event says of the books is what they come to. */
  | 'figures'
  /** A refusal is right, and told with the evidence. */
  | 'refusal'
  /** Every event was asked for, as it is, by one attempt. */
  | 'cause'
  /** Nothing is decided twice. */
  | 'once'
  /** What was acknowledged before a request was sent comes before it. */
  | 'order'
  /** An attempt that is said to have recorded nothing has not. */
  | 'trace'
  /** An answer tells what is in the stream. */
  | 'answer'
  /** The read models tell the same. */
  | 'read model';

export interface Finding {
  readonly rule: Rule;
  /** A revision, or an attempt. */
  readonly where: string;
  readonly what: string;
}

/** Takes down a finding about one event or one attempt. */
export type Report = (rule: Rule, what: string) => void;

/** Reports whatever is not byte for byte the same when written as JSON. */
export function compare(report: Report, rule: Rule, told: unknown, known: unknown): void {
  const [left, right] = [JSON.stringify(told), JSON.stringify(known)];
  if (left !== right) report(rule, `told ${left}, but known is ${right}`);
}
