// Compares what a scenario came to with the record of it, and shows differences side by side.
import { type Line } from './transcript.js';

/** One step whose answer differs; undefined: the step is missing. */
export interface Difference {
  scenario: string;
  step: string;
  recorded: unknown;
  answered: unknown;
}

/** As JSON keeps it. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

export function compare(recorded: readonly Line[], played: readonly Line[]): Difference[] {
  const count = Math.max(recorded.length, played.length);
  return Array.from({ length: count }, (_, place) => ({
    before: recorded[place],
    now: played[place],
  })).flatMap(({ before, now }) => {
    const { scenario, step } = before ?? now ?? { scenario: '', step: '' };
    const answered = plain(now?.step === step ? now.value : now);
    const isSame = JSON.stringify(before?.value) === JSON.stringify(answered);
    return isSame ? [] : [{ scenario, step, recorded: before?.value, answered }];
  });
}

const isTree = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === 'object' && value !== null;

/** The parts of two values that differ, as rows of a path and both sides. */
function partsOf(path: string, recorded: unknown, answered: unknown): [string, string, string][] {
  if (JSON.stringify(recorded) === JSON.stringify(answered)) return [];
  if (!isTree(recorded) || !isTree(answered)) return [[path, text(recorded), text(answered)]];
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(answered)])];
  return keys.flatMap((key) => partsOf(`${path}.${key}`, recorded[key], answered[key]));
}

const TEXT_MAX = 120;
const NOTHING = '-';

function text(value: unknown): string {
  const json = JSON.stringify(value) ?? NOTHING;
  return json.length > TEXT_MAX ? `${json.slice(0, TEXT_MAX)}... (${json.length})` : json;
}

/** One difference: its step, then a row for each part, the record on the left. */
export function sideBySide({ scenario, step, recorded, answered }: Difference): string {
  const rows = partsOf('', recorded, answered);
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const lines = rows.map(
    ([path, before, now]) => `  ${path.padEnd(width(0))}  ${before.padEnd(width(1))}  |  ${now}`,
  );
  return [`${scenario} / ${step}`, ...lines].join('\n');
}
