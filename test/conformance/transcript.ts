// Plays scenarios and writes down what they came to: one line per step. Positions become ranks
// (p0 < p1 < ...) within a scenario, keys are sorted: what is left is the same on every server.
import { type Position } from './wire/position.js';
import { within } from './wire/waiting.js';
import { type Play } from './scenario.js';

export interface Line {
  scenario: string;
  step: string;
  value: unknown;
}

const SCENARIO_MS = 180_000;

/** The lines of one scenario; one that fails or hangs says so in its last line. */
export async function transcriptOf(scenario: string, play: Play): Promise<Line[]> {
  const steps: { step: string; value: unknown }[] = [];
  let isOver = false;
  const say = (step: string, value: unknown) => {
    if (!isOver) steps.push({ step, value });
  };
  try {
    const done = play(say).then(() => 'done');
    const late = { error: `TIMEOUT ${scenario}` };
    const outcome = await within(done, SCENARIO_MS, late);
    if (outcome === late) say('aborted', late);
  } catch (error) {
    say('threw', error instanceof Error ? error.message : String(error));
  }
  isOver = true;
  const ranks = ranksOf(steps);
  return steps.map(({ step, value }) => ({ scenario, step, value: normalised(value, ranks) }));
}

const isPosition = (value: object): value is Position => '$pos' in value;

function ranksOf(value: unknown): Map<string, string> {
  const found = new Set<bigint>();
  const collect = (part: unknown) => {
    if (typeof part !== 'object' || part === null) return;
    if (isPosition(part)) found.add(BigInt(part.$pos));
    else Object.values(part).forEach(collect);
  };
  collect(value);
  const inOrder = [...found].sort((a, b) => (a < b ? -1 : 1));
  return new Map(inOrder.map((position, rank) => [String(position), `p${rank}`]));
}

function normalised(value: unknown, ranks: Map<string, string>): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isPosition(value)) return ranks.get(value.$pos);
  if (Array.isArray(value)) return value.map((part) => normalised(part, ranks));
  const names = Object.keys(value).sort();
  const fields = value as Record<string, unknown>;
  return Object.fromEntries(names.map((name) => [name, normalised(fields[name], ranks)]));
}

/** As it stands in a record: what JSON leaves out is left out. */
export const textOf = (line: Line): string => JSON.stringify(line);
