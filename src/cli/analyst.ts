// `daybook analyst`: a connection string for somebody who asks questions in SQL.
import { InvalidArgumentError } from 'commander';
import { createLogger } from '../platform/logger.js';
import { createPool } from '../platform/postgres.js';
import { databaseUrl, loadConfig } from '../platform/service-config.js';
import { LOGIN_NAME, analystLogin } from './analyst/login.js';
import { type RegisterVerb } from './register-verb.js';
import { createTerminal } from './terminal.js';

const NAME_DEFAULT = 'analyst';

interface AnalystOptions {
  name: string;
  json?: boolean;
}

export const registerAnalyst: RegisterVerb = (program) => {
  program
    .command('analyst')
    .description('print a connection string that reads the schema "reporting" and nothing else')
    .option('--name <name>', 'the login; each run gives it a new password', loginName, NAME_DEFAULT)
    .action(async ({ name, json = false }: AnalystOptions) => {
      const url = await connectionString(databaseUrl(loadConfig()), name);
      const terminal = createTerminal({ json });
      terminal.say('The password is kept nowhere; run this again for a new one.');
      terminal.result({ name, url }, url);
    });
};

/** Throws what `analystLogin` throws. */
async function connectionString(owner: string, name: string): Promise<string> {
  const logger = createLogger('analyst', 'silent');
  const options = { databaseUrl: owner, applicationName: 'daybook-analyst', logger, size: 1 };
  const pool = createPool(options);
  try {
    const database = await pool.connect();
    try {
      const password = await analystLogin(database, name);
      const url = new URL(owner);
      url.username = name;
      url.password = password;
      return url.href;
    } finally {
      database.release(true);
    }
  } finally {
    await pool.end();
  }
}

function loginName(text: string): string {
  if (LOGIN_NAME.test(text)) return text;
  throw new InvalidArgumentError(
    'Use lower-case letters, digits and underscores, a letter first, at most 63, without "pg_" in front; ' +
      'not "public" or "none".',
  );
}
