// `daybook projections diff`.
import { isSame } from '../../../projections/engine/comparison.js';
import { diff } from '../../../projections/engine/maintenance.js';
import { READ_MODELS } from '../../../projections/registry.js';
import { FindingsTold } from '../../platform/failure.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal } from '../terminal.js';
import { comparisonText } from './comparison-text.js';
import { causeOf, maintaining } from './maintaining.js';
import { wholeNumber } from './option-values.js';
import { checkName, withNameOrAll } from './which.js';

interface Options {
  all?: boolean;
  generation?: number;
  json?: boolean;
}

export const registerDiff: RegisterVerb = (projections) => {
  withNameOrAll(projections.command('diff'))
    .description('compare what was built with the live read models, row by row at one position')
    .option('--generation <number>', 'another than the one built last', wholeNumber)
    .action(diffVerb);
};

async function diffVerb(name: string | undefined, options: Options): Promise<void> {
  const { all = false, generation, json = false } = options;
  checkName(name, all);
  const terminal = createTerminal({ json });
  const tables = READ_MODELS.find((readModel) => readModel.name === name)?.tables;
  const isAskedFor = tables && ((table: string) => tables.some((one) => one.name === table));
  const comparison = await maintaining(terminal, causeOf('daybook projections diff'), (build) =>
    diff(build, generation, isAskedFor),
  );
  terminal.result(comparison, comparisonText(comparison));
  if (!isSame(comparison)) throw new FindingsTold();
}
