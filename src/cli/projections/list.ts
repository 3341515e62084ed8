// `daybook projections list`.
import { readModelsIn } from '../../../projections/engine/queries.js';
import { READ_MODELS } from '../../../projections/registry.js';
import {
  type ChangeStatus,
  type GenerationStatus,
  generationStatuses,
  latestChanges,
} from '../../../projections/status/generations.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal, grouped } from '../terminal.js';
import { withStores } from './stores.js';

/** Of what was done to generations, so much is told. */
const CHANGES_TOLD_MAX = 20;

export const registerList: RegisterVerb = (projections) => {
  projections
    .command('list')
    .description('name the read models, their generations, and what was done to those')
    .action(list);
};

async function list({ json = false }: { json?: boolean }): Promise<void> {
  const names = READ_MODELS.map(({ name }) => name);
  const [generations, changes] = await withStores(({ pool }) => {
    const readModels = readModelsIn(pool);
    return Promise.all([
      generationStatuses(readModels),
      latestChanges(readModels, CHANGES_TOLD_MAX),
    ]);
  });
  const text = [
    `Read models: ${names.join(', ')}`,
    ...generations.map(generationLine),
    ...changes.map(changeLine),
  ];
  createTerminal({ json }).result({ projections: names, generations, changes }, text.join('\n'));
}

function generationLine(status: GenerationStatus): string {
  const { generation, state, version, replaced, events, position, bytes } = status;
  const words = [
    `generation ${generation}`,
    state,
    `version ${version}`,
    `${grouped(events)} events`,
    position === null ? 'nothing yet' : `position ${position}`,
    `${grouped(Math.ceil(bytes / 1_000_000))} MB`,
    ...(replaced === null ? [] : [`replaced generation ${replaced}`]),
  ];
  return words.join(' · ');
}

function changeLine({ changedAt, generation, change, actor, reason }: ChangeStatus): string {
  return `${changedAt} generation ${generation} ${change} by ${actor}: ${reason}`;
}
