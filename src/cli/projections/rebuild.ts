// `daybook projections rebuild`.
import { isSame } from '../../../projections/engine/comparison.js';
import { type RebuildOptions, type Rebuilt, rebuild } from '../../../projections/engine/rebuild.js';
import { FindingsTold } from '../../platform/failure.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal, grouped } from '../terminal.js';
import { comparisonText } from './comparison-text.js';
import { causeOf, maintaining } from './maintaining.js';
import { positionOf, wholeNumber } from './option-values.js';
import { checkName, withNameOrAll } from './which.js';

interface Options {
  all?: boolean;
  swap: boolean;
  toPosition?: bigint;
  rate?: number;
  reason?: string;
  json?: boolean;
}

export const registerRebuild: RegisterVerb = (projections) => {
  withNameOrAll(projections.command('rebuild'))
    .description(
      'build the read models anew beside the live ones, or go on building; compare; swap them',
    )
    .option('--rate <events>', 'apply at most so many events a second', wholeNumber)
    .option('--no-swap', 'leave the live ones in place')
    .option('--to-position <position>', 'build up to there only, and do not swap', positionOf)
    .option('--reason <text>', 'why, for the record')
    .action(rebuildVerb);
};

async function rebuildVerb(name: string | undefined, options: Options): Promise<void> {
  const { all = false, swap, toPosition, rate, json = false } = options;
  checkName(name, all);
  const terminal = createTerminal({ json });
  if (name !== undefined) {
    terminal.say(`All read models are built together, so that ${name} is built with the others.`);
  }
  const asked: Pick<RebuildOptions, 'noSwap' | 'toPosition' | 'rate'> = {
    noSwap: !swap,
    ...(toPosition !== undefined && { toPosition }),
    ...(rate !== undefined && { rate }),
  };
  const cause = causeOf(options.reason ?? 'daybook projections rebuild');
  const built = await maintaining(terminal, cause, (build) => rebuild({ ...build, ...asked }));
  terminal.result(built, rebuiltText(built, asked));
  const isStopped = built.replaced === null && !asked.noSwap && toPosition === undefined;
  if (isStopped) throw new FindingsTold();
}

function rebuiltText(
  { generation, events, position, replaced, comparison }: Rebuilt,
  { noSwap, toPosition }: Pick<RebuildOptions, 'noSwap' | 'toPosition'>,
): string {
  const built = `Built generation ${generation} from ${grouped(events)} events`;
  const isDifferent = comparison !== null && !isSame(comparison);
  const found = comparison === null ? [] : [comparisonText(comparison)];
  if (replaced !== null) {
    const way = `It replaced generation ${replaced}; "daybook projections rollback --all" goes back.`;
    return [`${built}.`, ...found, way].join('\n');
  }
  if (toPosition !== undefined) {
    return `${built}, up to position ${position ?? 'none'}: its tables are in the schema rm_${generation}.`;
  }
  const swap = `"daybook projections swap --all${isDifferent ? ' --accept-differences' : ''}"`;
  const next = noSwap
    ? `It was not swapped in: ${swap} does that.`
    : `It was not swapped in. If it is the right one, ${swap} does that; to build it anew, drop it ` +
      `first: "daybook projections drop ${generation}".`;
  return [`${built}.`, ...found, next].join('\n');
}
