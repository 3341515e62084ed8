// `daybook projections verify`: every row against what the log makes of it.
import { READ_MODELS } from '../../../projections/registry.js';
import { recordVerification } from '../../../projections/verify/verification-record.js';
import {
  SAMPLE_MAX,
  type VerifyAccountsOptions,
  verifyAccounts,
} from '../../../projections/verify/verify-accounts.js';
import { verifyReadModels } from '../../../projections/verify/verify-read-models.js';
import { viewFindings } from '../../../projections/verify/view-findings.js';
import { Failure } from '../../platform/failure.js';
import { type RegisterVerb } from '../register-verb.js';
import { type Terminal, createTerminal } from '../terminal.js';
import { tellVerified, withProgress } from '../verification-result.js';
import { wholeNumberUpTo } from './option-values.js';
import { type Stores, withStores } from './stores.js';
import { checkName } from './which.js';

export const registerVerifyProjections: RegisterVerb = (projections) => {
  projections
    .command('verify')
    .description(
      'fold the log again, and compare every row of the read models with what comes of it',
    )
    .argument('[name]', 'one read model')
    .option('--all', 'all of them')
    .option('--sample <n>', 'the rows of so many accounts, at random', wholeNumberUpTo(SAMPLE_MAX))
    .option('--account <address>', 'the rows of one account')
    .option('--ledger <id>', 'of one ledger')
    .action(verify);
};

interface Options {
  readonly all?: boolean;
  readonly sample?: number;
  readonly account?: string;
  readonly ledger?: string;
  readonly json?: boolean;
}

async function verify(name: string | undefined, options: Options): Promise<void> {
  const terminal = createTerminal({ json: options.json ?? false });
  const which = accountsAsked(name, options);
  if (!which) checkName(name, options.all ?? false);
  await withStores((stores) =>
    which ? ofAccounts(which, stores, terminal) : ofTables(name, options.ledger, stores, terminal),
  );
}

function accountsAsked(
  name: string | undefined,
  { all, sample, account: address, ledger }: Options,
): VerifyAccountsOptions['which'] | undefined {
  if (sample === undefined && address === undefined) return undefined;
  if (name !== undefined || all || (sample !== undefined && (address ?? ledger) !== undefined)) {
    throw new Failure('usage', 'Give one of: a read model or --all, --sample, --account.');
  }
  if (sample !== undefined) return { sample };
  if (ledger !== undefined && address !== undefined) return { ledger, address };
  throw new Failure('usage', 'Say which ledger the account is in: --ledger <id>.');
}

async function ofTables(
  name: string | undefined,
  ledger: string | undefined,
  stores: Stores,
  terminal: Terminal,
): Promise<void> {
  const readModels = READ_MODELS.filter(
    (readModel) => name === undefined || readModel.name === name,
  );
  const tables = readModels.flatMap((readModel) => readModel.tables);
  const isWhole = name === undefined && ledger === undefined;
  const verified = await withProgress(terminal, 'Folding', async (on) => {
    const options = { ...stores, tables, ledger, auditUpTo: undefined };
    const rows = await verifyReadModels({ ...options, ...on });
    if (isWhole) for (const each of await viewFindings(stores.pool)) rows.findings.add(each);
    return rows;
  });
  if (ledger !== undefined && verified.events + verified.rows === 0) {
    const message = `There is no ledger "${ledger}", neither in the log nor in the read models.`;
    throw new Failure('usage', message);
  }
  if (isWhole) await recordVerification(stores.pool, verified);
  const { generation, position, events, rows } = verified;
  const summary = `Generation ${generation} at position ${position}, ${events} events and ${rows} rows`;
  tellVerified(terminal, verified, summary);
}

async function ofAccounts(
  which: VerifyAccountsOptions['which'],
  stores: Stores,
  terminal: Terminal,
): Promise<void> {
  const verified = await withProgress(terminal, 'Folding', (on) =>
    verifyAccounts({ ...stores, which, ...on }),
  );
  const { generation, position, accounts, events } = verified;
  const summary = `Generation ${generation} at position ${position}, ${accounts.length} accounts, ${events} events`;
  tellVerified(terminal, verified, summary);
}
