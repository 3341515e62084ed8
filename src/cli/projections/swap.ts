// `daybook projections swap` and `rollback`.
import { type Swapped, rollback, swapIn } from '../../../projections/engine/maintenance.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal } from '../terminal.js';
import { causeOf, maintaining } from './maintaining.js';
import { wholeNumber } from './option-values.js';
import { checkName, withNameOrAll } from './which.js';

interface Options {
  all?: boolean;
  reason?: string;
  json?: boolean;
}

interface SwapOptions extends Options {
  generation?: number;
  acceptDifferences?: boolean;
}

export const registerSwap: RegisterVerb = (projections) => {
  withNameOrAll(projections.command('swap'))
    .description('put what was built in the place of the live read models, if it is the same')
    .option('--generation <number>', 'another than the one built last', wholeNumber)
    .option('--accept-differences', 'whatever differs, and without looking')
    .option('--reason <text>', 'why, for the record')
    .action(swapVerb);
};

export const registerRollback: RegisterVerb = (projections) => {
  withNameOrAll(projections.command('rollback'))
    .description('put the read models that were live before back in their place')
    .option('--reason <text>', 'why, for the record')
    .action(rollbackVerb);
};

async function swapVerb(name: string | undefined, options: SwapOptions): Promise<void> {
  const { all = false, generation, acceptDifferences = false, reason, json = false } = options;
  checkName(name, all);
  const terminal = createTerminal({ json });
  const cause = causeOf(reason ?? 'daybook projections swap');
  const which = { acceptDifferences, ...(generation !== undefined && { generation }) };
  const swapped = await maintaining(terminal, cause, (build) => swapIn(build, which));
  terminal.result(swapped, swappedText(swapped));
}

async function rollbackVerb(name: string | undefined, options: Options): Promise<void> {
  const { all = false, reason, json = false } = options;
  checkName(name, all);
  const terminal = createTerminal({ json });
  const cause = causeOf(reason ?? 'daybook projections rollback');
  const swapped = await maintaining(terminal, cause, rollback);
  terminal.result(swapped, swappedText(swapped));
}

function swappedText({ generation, replaced }: Swapped): string {
  return `Generation ${generation} is live; generation ${replaced} is kept.`;
}
