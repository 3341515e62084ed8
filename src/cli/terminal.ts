// The one place that writes to the terminal. Results go to standard output, everything else to
// standard error, so that a result can be piped on; with --json a result is one JSON value.
import { Presets, SingleBar } from 'cli-progress';
import { Pace } from './pace.js';

/** Steps of ten percent: enough to see that it moves, few enough for a log file. */
const PLAIN_STEPS = 10;

/** How far a long piece of work has come. */
export interface Progress {
  /** @param done so far, in the unit of `total`; both may have changed. */
  update(done: number, total?: number): void;
  /** Ends the display, whether the work was finished or not. */
  stop(): void;
}

/** What is counted, when that is worth telling: then the display tells how fast it goes, too. */
export interface Counted {
  /** In the plural: `events`. */
  readonly unit: string;
  /** The total is only about right. */
  readonly isEstimate: boolean;
}

export interface Terminal {
  /** The outcome of a command: `text` for people, `value` with --json. */
  result(value: object, text: string): void;
  /** One line for people about what is going on; left out with --json. */
  say(text: string): void;
  /** One line about what went wrong. */
  complain(text: string): void;
  /** A bar on a terminal, a line for every tenth elsewhere, nothing with --json. */
  progress(label: string, total: number, counted?: Counted): Progress;
}

export function createTerminal({ json }: { json: boolean }): Terminal {
  return {
    result: (value, text) => out(json ? JSON.stringify(value) : text),
    say: (text) => (json ? undefined : err(text)),
    complain: err,
    progress: (label, total, counted) => {
      if (json) return { update: () => undefined, stop: () => undefined };
      return process.stderr.isTTY ? bar(label, total, counted) : plainLines(label, total, counted);
    },
  };
}

function out(text: string): void {
  process.stdout.write(`${text}\n`);
}

function err(text: string): void {
  process.stderr.write(`${text}\n`);
}

function bar(label: string, firstTotal: number, counted: Counted | undefined): Progress {
  const pace = new Pace();
  const tail = counted ? '{amount}' : '{value}/{total} | {eta_formatted} left';
  const format = `${label} {bar} {percentage}% | ${tail}`;
  const display = new SingleBar({ format, hideCursor: true }, Presets.shades_classic);
  display.start(firstTotal, 0, { amount: '' });
  return {
    update: (done, total = firstTotal) => {
      pace.update(performance.now(), done);
      display.setTotal(total);
      display.update(done, counted && { amount: amountText({ done, total, pace, counted }) });
    },
    stop: () => display.stop(),
  };
}

function plainLines(label: string, firstTotal: number, counted: Counted | undefined): Progress {
  const pace = new Pace();
  let shown = 0;
  const update = (done: number, total = firstTotal): void => {
    pace.update(performance.now(), done);
    const part = total === 0 ? 1 : done / total;
    const step = Math.floor(part * PLAIN_STEPS);
    if (step <= shown) return;
    shown = step;
    const amount = counted ? amountText({ done, total, pace, counted }) : `${done}/${total}`;
    err(`${label} ${Math.floor(part * 100)}% (${amount})`);
  };
  return { update, stop: () => undefined };
}

interface Amount {
  readonly done: number;
  readonly total: number;
  readonly pace: Pace;
  readonly counted: Counted;
}

function amountText({ done, total, pace, counted }: Amount): string {
  const { unit, isEstimate } = counted;
  const speed = pace.perSecond;
  const left = pace.secondsFor(total - done);
  return [
    `${grouped(done)} of ${isEstimate ? 'about ' : ''}${grouped(total)} ${unit}`,
    ...(speed === undefined ? [] : [`${grouped(Math.round(speed))} ${unit}/s`]),
    ...(left === undefined || left === 0 ? [] : [`${durationText(left)} left`]),
  ].join(', ');
}

/** With separators between thousands: `1,234,567`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function durationText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
