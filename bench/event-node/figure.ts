// What the bench says: a number, and what was asked of it.
import { aligned } from '../report.js';

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** 'share' for a ratio, otherwise what the number counts. */
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const DIGITS_BELOW: readonly (readonly [limit: number, digits: number])[] = [
  [10, 2],
  [100, 1],
];

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    shown(figure.value),
    figure.unit,
    askedOf(figure),
  ]);
  return aligned([['', '', '', 'asked'], ['-', '-', '-', '-'], ...rows]);
}

export function isMissed({ value, atMost = Infinity, atLeast = -Infinity }: Figure): boolean {
  return value > atMost || value < atLeast;
}

function askedOf(figure: Figure): string {
  const outcome = isMissed(figure) ? 'MISSED' : 'met';
  if (figure.atMost !== undefined) return `at most ${figure.atMost}: ${outcome}`;
  if (figure.atLeast !== undefined) return `at least ${figure.atLeast}: ${outcome}`;
  return '';
}

function shown(value: number): string {
  const digits = DIGITS_BELOW.find(([limit]) => Math.abs(value) < limit)?.[1] ?? 0;
  return value.toFixed(digits);
}
