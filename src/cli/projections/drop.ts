// `daybook projections drop`.
import { withConnection } from '../../../projections/engine/connection.js';
import { dropOf } from '../../../projections/engine/maintenance.js';
import { Failure } from '../../platform/failure.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal } from '../terminal.js';
import { causeOf, maintaining } from './maintaining.js';
import { wholeNumber } from './option-values.js';

interface Options {
  retired?: boolean;
  reason?: string;
  json?: boolean;
}

export const registerDrop: RegisterVerb = (projections) => {
  projections
    .command('drop')
    .description('drop read models that are not live; whoever is building them stops')
    .argument('[generation]', 'the number of one generation', wholeNumber)
    .option('--retired', 'all that were live before')
    .option('--reason <text>', 'why, for the record')
    .action(dropVerb);
};

async function dropVerb(generation: number | undefined, options: Options): Promise<void> {
  const { retired = false, reason, json = false } = options;
  if ((generation === undefined) === !retired) {
    throw new Failure('usage', 'Say which: the number of a generation, or --retired.');
  }
  const terminal = createTerminal({ json });
  const cause = causeOf(reason ?? 'daybook projections drop');
  const dropped = await maintaining(terminal, cause, ({ pool }) =>
    withConnection(pool, (database) => dropOf(database, generation ?? 'retired', cause)),
  );
  const text =
    dropped.length === 0 ? 'There is none to drop.' : `Dropped generation ${dropped.join(', ')}.`;
  terminal.result({ dropped }, text);
}
