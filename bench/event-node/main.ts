// npm run bench:event-node -- [--quick] [--json] [--events <n>]: what the event node costs beside the
// official client, how long one append takes, and how soon a subscription hears of it. With --events,
// instead, what a log of so many events needs. Medians of one run; exits 1 when something asked for
// is missed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT_CODES, EXIT_OK, Failure } from '../../src/platform/failure.js';
import { computerLine, thisComputer } from '../computer.js';
import { type Figure, isMissed, tableOf } from './figure.js';
import { measureLatencies } from './latencies.js';
import { startBenchNode } from './node-process.js';
import { measureShares } from './shares.js';
import { measureSize } from './size.js';

const EXTENT = { rounds: 5, seconds: 4, singles: 1_000 };
const QUICK = { rounds: 1, seconds: 1, singles: 200 };

interface Arguments {
  readonly extent: typeof EXTENT;
  readonly isJson: boolean;
  /** Undefined: not about a log of some size. */
  readonly events: number | undefined;
}

async function main(): Promise<number> {
  const { extent, isJson, events } = readArguments();
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  try {
    const figures =
      events === undefined
        ? await measureSpeed(folder, extent)
        : await measureSize(folder, events, extent);
    const machine = computerLine(thisComputer());
    const text = isJson
      ? JSON.stringify({ machine, figures }, null, 2)
      : `${machine}\n\n${tableOf(figures)}`;
    process.stdout.write(`${text}\n`);
    return figures.some(isMissed) ? EXIT_CODES.findings : EXIT_OK;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      events: { type: 'string' },
    },
  });
  const events = values.events === undefined ? undefined : Number(values.events);
  if (events !== undefined && !(Number.isInteger(events) && events > 0)) {
    throw new Failure('usage', 'give --events a whole number above zero');
  }
  return { extent: values.quick ? QUICK : EXTENT, isJson: values.json, events };
}

async function measureSpeed(folder: string, extent: typeof EXTENT): Promise<Figure[]> {
  const node = await startBenchNode(join(folder, 'node'));
  try {
    const shares = await measureShares(node, extent);
    const latencies = await measureLatencies(node, { folder, rounds: extent.singles });
    return [...shares, ...latencies];
  } finally {
    await node.stop();
  }
}

async function exitCodeOf(work: Promise<number>): Promise<number> {
  try {
    return await work;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof Failure ? EXIT_CODES[error.kind] : EXIT_CODES.infrastructure;
  }
}

process.exitCode = await exitCodeOf(main());
