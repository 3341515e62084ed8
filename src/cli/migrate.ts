// `daybook migrate`: brings the database to the shape this version expects.
import { migrate } from '../platform/migrations.js';
import { databaseUrl, loadConfig } from '../platform/service-config.js';
import { type RegisterVerb } from './register-verb.js';
import { createTerminal } from './terminal.js';

export const registerMigrate: RegisterVerb = (program) => {
  program
    .command('migrate')
    .description('bring the database to the shape that this version expects')
    .action(async (options: { json?: true }) => {
      const applied = await migrate({ databaseUrl: databaseUrl(loadConfig()) });
      const text =
        applied.length === 0
          ? 'Nothing to migrate: the database is up to date.'
          : `Applied ${applied.length} migrations: ${applied.join(', ')}.`;
      createTerminal({ json: options.json ?? false }).result({ applied }, text);
    });
};
