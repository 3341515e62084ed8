// The command line as a whole: finds the verb, runs it, and turns whatever happens into words and
// an exit code: 0 ok, 1 findings, 2 usage, 3 refused for safety, 4 infrastructure.
import { Command, CommanderError } from 'commander';
import { EXIT_CODES, EXIT_OK, Failure, FindingsTold } from '../platform/failure.js';
import { createTerminal } from './terminal.js';
import { VERBS } from './verbs.js';

/**
 * Runs one command line and returns the exit code.
 * @param words without the program's own name, such as `['token', '--role', 'admin']`.
 */
export async function runProgram(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  try {
    const program = await programFor(words, json);
    await program.parseAsync(words, { from: 'user' });
    return EXIT_OK;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_OK;
    if (error instanceof FindingsTold) return EXIT_CODES.findings;
    if (!(error instanceof CommanderError)) return complain(error, json);
    // In words, Commander has already said what is wrong.
    return json ? complain(wrongWords(error), json) : EXIT_CODES.usage;
  }
}

function wrongWords({ code, message }: CommanderError): Failure {
  const problem =
    code === 'commander.help' ? 'the verb is missing' : message.replace(/^error: |\.$/g, '');
  return new Failure('usage', `${problem}. Try: daybook --help`);
}

// Only the verb that is asked for is loaded; help needs them all.
async function programFor(words: readonly string[], json: boolean): Promise<Command> {
  const program = new Command('daybook')
    .description('An event-sourced, double-entry ledger service.')
    .configureOutput(json ? { writeErr: () => undefined } : {})
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('Try: daybook --help');
  const asked = VERBS[words[0] ?? ''];
  const loaders = asked === undefined ? Object.values(VERBS) : [asked];
  for (const register of await Promise.all(loaders.map((load) => load()))) register(program);
  for (const command of program.commands) addJsonOption(command);
  return program;
}

function addJsonOption(command: Command): void {
  if (command.commands.length === 0) command.option('--json', 'print the result as one JSON value');
  for (const subcommand of command.commands) addJsonOption(subcommand);
}

function complain(error: unknown, json: boolean): number {
  const exitCode = EXIT_CODES[error instanceof Failure ? error.kind : 'infrastructure'];
  const message = messageOf(error);
  const terminal = createTerminal({ json });
  if (json) terminal.result({ error: { exitCode, message } }, message);
  else message.split('\n').forEach((line) => terminal.complain(marked(line)));
  if (
    !(error instanceof Failure) &&
    error instanceof Error &&
    process.env['LOG_LEVEL'] === 'debug'
  ) {
    terminal.complain(error.stack ?? '');
  }
  return exitCode;
}

// An indented line belongs to the one before it.
function marked(line: string): string {
  return line.startsWith(' ') ? line : `daybook: ${line}`;
}

// Failed connections to a name with several addresses arrive as an AggregateError without a text.
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
