// Which read models a verb is about: one by its name, or all.
import { type Command } from 'commander';
import { READ_MODELS } from '../../../projections/registry.js';
import { Failure } from '../../platform/failure.js';

/** Adds `[name]` and `--all` to a verb. */
export function withNameOrAll(verb: Command): Command {
  return verb
    .argument('[name]', 'one read model; for now it means all of them, as they share a checkpoint')
    .option('--all', 'all of them');
}

/** Throws a Failure when neither is given, or there is no such read model. */
export function checkName(name: string | undefined, all: boolean): void {
  const known = READ_MODELS.map((readModel) => readModel.name);
  if (name === undefined && !all) {
    throw new Failure('usage', `Say which: ${known.join(', ')}, or --all.`);
  }
  if (name !== undefined && !known.includes(name)) {
    throw new Failure('usage', `There is no read model "${name}"; there are ${known.join(', ')}.`);
  }
}
