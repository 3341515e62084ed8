// `daybook projections pause` and `resume`: of the live projector, a rebuild, or both.
import { withConnection } from '../../../projections/engine/connection.js';
import { pauseOf, resumeOf } from '../../../projections/engine/pauses.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal } from '../terminal.js';
import { causeOf, maintaining } from './maintaining.js';
import { wholeNumber } from './option-values.js';
import { checkName, withNameOrAll } from './which.js';

interface Options {
  all?: boolean;
  generation?: number;
  reason?: string;
  json?: boolean;
}

export const registerPause: RegisterVerb = (projections) => {
  withNameOrAll(projections.command('pause'))
    .description('stop applying events, to the live read models and to those being built')
    .option('--generation <number>', 'only to these', wholeNumber)
    .option('--reason <text>', 'why, for the record and for whoever wonders')
    .action(pauseVerb);
};

export const registerResume: RegisterVerb = (projections) => {
  withNameOrAll(projections.command('resume'))
    .description('go on applying events')
    .option('--generation <number>', 'only to these', wholeNumber)
    .option('--reason <text>', 'why, for the record')
    .action(resumeVerb);
};

async function pauseVerb(name: string | undefined, options: Options): Promise<void> {
  const paused = await changed(name, options, 'pause');
  const text =
    paused.length === 0
      ? 'They are paused already.'
      : `Paused generation ${paused.join(', ')}: answers stay as they are until it is resumed.`;
  createTerminal({ json: options.json ?? false }).result({ paused }, text);
}

async function resumeVerb(name: string | undefined, options: Options): Promise<void> {
  const resumed = await changed(name, options, 'resume');
  const text =
    resumed.length === 0 ? 'Nothing is paused.' : `Resumed generation ${resumed.join(', ')}.`;
  createTerminal({ json: options.json ?? false }).result({ resumed }, text);
}

function changed(
  name: string | undefined,
  { all = false, generation, reason, json = false }: Options,
  verb: 'pause' | 'resume',
): Promise<number[]> {
  checkName(name, all || generation !== undefined);
  const cause = causeOf(reason ?? `daybook projections ${verb}`);
  const change = verb === 'pause' ? pauseOf : resumeOf;
  return maintaining(createTerminal({ json }), cause, ({ pool }) =>
    withConnection(pool, (database) => change(database, generation, cause)),
  );
}
