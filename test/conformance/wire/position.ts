// Positions in the log. A transcript shows their ranks within a scenario: p0 < p1 < ...
export interface Position {
  /** A decimal number of 64 bits. */
  $pos: string;
}

export const position = (value: string | number | bigint): Position => ({
  $pos: String(BigInt(value)),
});

interface WirePosition {
  getCommitPosition(): string;
  getPreparePosition(): string;
}

export type Pair = [commit: Position, prepare: Position];

export const pairOf = (message: WirePosition): Pair => [
  position(message.getCommitPosition()),
  position(message.getPreparePosition()),
];

export const numberOf = ({ $pos }: Position): bigint => BigInt($pos);
