// `daybook projections list`.
import { READ_MODELS } from '../../../projections/registry.js';
import { type RegisterVerb } from '../register-verb.js';
import { createTerminal } from '../terminal.js';

export const registerList: RegisterVerb = (projections) => {
  projections.command('list').description('name the read models').action(list);
};

function list({ json = false }: { json?: boolean }): void {
  const names = READ_MODELS.map(({ name }) => name);
  createTerminal({ json }).result({ projections: names }, names.join('\n'));
}
