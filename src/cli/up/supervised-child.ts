// One supervised process: started, watched, started again when it dies, stopped when told. Each is a
// process group of its own, so that Ctrl-C in a terminal reaches the supervisor alone.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { backoff, type BackoffBounds } from '../../platform/backoff.js';
import { Failure } from '../../platform/failure.js';
import { type FailedMessage, type ReadyMessage } from '../../platform/process-frame.js';
import { settlesWithin } from '../../platform/time-limit.js';
import { logEnd, logLength, openLog } from './log-file.js';

const RESTART_BACKOFF: BackoffBounds = { baseMs: 200, maxMs: 10_000 };
/** A process that was ready for this long counts as well again. */
const STABLE_AFTER_MS = 30_000;
const KILL_TIMEOUT_MS = 5_000;

export interface ChildSpec {
  /** What a person calls it, as in "The event node is back." */
  label: string;
  /** Absolute path of the JavaScript file that Node runs. */
  script: string;
  arguments: string[];
  environment: NodeJS.ProcessEnv;
  logFile: string;
  startTimeoutMs: number;
  stopTimeoutMs: number;
}

/** One run of the process. */
interface Run {
  process: ChildProcess;
  /** Rejects when it ends, or takes too long, before it is ready. */
  ready: Promise<ReadyMessage>;
  /** How it ended, in words; never rejects. */
  ended: Promise<string>;
}

export class SupervisedChild {
  readonly #spec: ChildSpec;
  readonly #note: (line: string) => void;
  readonly #stopping = new AbortController();
  #run: Run | undefined;
  #watch: Promise<void> = Promise.resolve();

  /** @param note receives a line whenever the process dies or is back. */
  constructor(spec: ChildSpec, note: (line: string) => void) {
    this.#spec = spec;
    this.#note = note;
  }

  /** The first start. Throws a Failure that says what it said, or what its log says. */
  async start(): Promise<ReadyMessage> {
    const logged = logLength(this.#spec.logFile);
    const run = this.#launch();
    try {
      const message = await run.ready;
      this.#watch = this.#keepRunning(run);
      return message;
    } catch (error) {
      throw failureOf(this.#spec, error, logged);
    }
  }

  /** Asks it to stop and, when it does not in time, ends its whole group. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const run = this.#run;
    if (run === undefined) return;
    run.process.kill('SIGTERM');
    if (!(await settlesWithin(this.#spec.stopTimeoutMs, run.ended))) {
      this.#note(`The ${this.#spec.label} did not stop in time and is killed.`);
    }
    // Also when it stopped by itself: a host that was killed may have left its server in the group.
    killGroup(run.process);
    await settlesWithin(KILL_TIMEOUT_MS, run.ended);
    await this.#watch;
  }

  /** Ends its whole group at once. */
  kill(): void {
    this.#stopping.abort();
    if (this.#run !== undefined) killGroup(this.#run.process);
  }

  async #keepRunning(first: Run): Promise<void> {
    let run = first;
    let failures = 0;
    for (;;) {
      const readySince = await run.ready.then(
        () => performance.now(),
        () => undefined,
      );
      const how = await run.ended;
      if (this.#stopping.signal.aborted) return;
      const stable = readySince !== undefined && performance.now() - readySince > STABLE_AFTER_MS;
      failures = stable ? 1 : failures + 1;
      this.#note(`The ${this.#spec.label} ${how}; starting it again (see ${this.#spec.logFile}).`);
      await backoff(failures, RESTART_BACKOFF, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      run = this.#launch();
      run.ready.then(
        () => this.#note(`The ${this.#spec.label} is back.`),
        () => undefined,
      );
    }
  }

  #launch(): Run {
    const run = launch(this.#spec);
    this.#run = run;
    return run;
  }
}

function launch(spec: ChildSpec): Run {
  const log = openLog(spec.logFile);
  const child = spawn(process.execPath, ['--enable-source-maps', spec.script, ...spec.arguments], {
    env: spec.environment,
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be run (${error.message})`));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
  const ready = new Promise<ReadyMessage>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`it was not ready after ${spec.startTimeoutMs / 1_000} s.`));
      killGroup(child);
    }, spec.startTimeoutMs);
    child.once('message', (message: ReadyMessage | FailedMessage) => {
      clearTimeout(timer);
      if (message.type === 'ready') resolve(message);
      else reject(new Error(message.message));
    });
    void ended.then((how) => {
      clearTimeout(timer);
      reject(new Error(`it ${how}.`));
    });
  });
  return { process: child, ready, ended };
}

// Our own log lines are JSON and tell a person less than the reason that the process gave.
function failureOf({ label, logFile }: ChildSpec, error: unknown, logged: number): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  const lines = logEnd(logFile, logged).filter((line) => line !== '' && !line.startsWith('{'));
  const quoted = lines.map((line) => `\n  | ${line}`).join('');
  return new Failure(
    'infrastructure',
    `The ${label} did not start: ${reason} (Its log: ${logFile})${quoted}`,
  );
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody is left. EPERM: macOS says so of a group whose members have ended.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
