// The one place that writes to the terminal. Results go to standard output, everything else to
// standard error, so that a result can be piped on; with --json a result is one JSON value.
import { Presets, SingleBar } from 'cli-progress';

/** Steps of ten percent: enough to see that it moves, few enough for a log file. */
const PLAIN_STEPS = 10;

/** How far a long piece of work has come. */
export interface Progress {
  /** @param done so far, in the unit of `total`. */
  update(done: number): void;
  /** Ends the display, whether the work was finished or not. */
  stop(): void;
}

export interface Terminal {
  /** The outcome of a command: `text` for people, `value` with --json. */
  result(value: object, text: string): void;
  /** One line for people about what is going on; left out with --json. */
  say(text: string): void;
  /** One line about what went wrong. */
  complain(text: string): void;
  /** A bar on a terminal, a line for every tenth elsewhere, nothing with --json. */
  progress(label: string, total: number): Progress;
}

export function createTerminal({ json }: { json: boolean }): Terminal {
  return {
    result: (value, text) => out(json ? JSON.stringify(value) : text),
    say: (text) => (json ? undefined : err(text)),
    complain: err,
    progress: (label, total) => {
      if (json) return { update: () => undefined, stop: () => undefined };
      return process.stderr.isTTY ? bar(label, total) : plainLines(label, total);
    },
  };
}

function out(text: string): void {
  process.stdout.write(`${text}\n`);
}

function err(text: string): void {
  process.stderr.write(`${text}\n`);
}

function bar(label: string, total: number): Progress {
  const format = `${label} {bar} {percentage}% | {value}/{total} | {eta_formatted} left`;
  const display = new SingleBar({ format, hideCursor: true }, Presets.shades_classic);
  display.start(total, 0);
  return { update: (done) => display.update(done), stop: () => display.stop() };
}

function plainLines(label: string, total: number): Progress {
  let shown = 0;
  const update = (done: number): void => {
    const step = total === 0 ? PLAIN_STEPS : Math.floor((done / total) * PLAIN_STEPS);
    if (step <= shown) return;
    shown = step;
    err(`${label} ${step * (100 / PLAIN_STEPS)}% (${done}/${total})`);
  };
  return { update, stop: () => undefined };
}
