// `daybook verify`: proves of one ledger that its log is whole, and that its books follow from it.
import { TABLES } from '../../projections/engine/generations.js';
import { readModelsIn } from '../../projections/engine/queries.js';
import { lastApplied } from '../../projections/verify/log/last-applied.js';
import { lastEvent } from '../../projections/verify/log/last-event.js';
import { verifyLog } from '../../projections/verify/log/verify-log.js';
import { verifyReadModels } from '../../projections/verify/verify-read-models.js';
import { type Stores, withStores } from './projections/stores.js';
import { type RegisterVerb } from './register-verb.js';
import { type Terminal, createTerminal } from './terminal.js';
import { tellVerified, withProgress } from './verification-result.js';

/** The tables that the books of a ledger consist of. */
const BOOKS = TABLES.filter(({ name }) => name === 'account' || name === 'entry');

export const registerVerify: RegisterVerb = (program) => {
  const verify = program
    .command('verify')
    .description('prove of a ledger that its log is whole and its books follow from it');
  const verb = (name: string, description: string, run: Run) =>
    verify
      .command(name)
      .description(description)
      .requiredOption('--ledger <id>', 'the ledger')
      .action(({ ledger, json = false }: { ledger: string; json?: boolean }) =>
        withStores((stores) => run(ledger, stores, createTerminal({ json }))),
      );
  verb('log', 'no event is missing, changed, moved or unreadable', log);
  verb('books', 'debits equal credits, no rule was broken, entries and events agree', (...on) =>
    books(...on, BOOKS),
  );
  verb('all', 'both, and every row of every read model', (...on) => books(...on, TABLES));
};

type Run = (ledger: string, stores: Stores, terminal: Terminal) => Promise<void>;

async function log(ledger: string, { store, pool }: Stores, terminal: Terminal): Promise<void> {
  const { isKnown: isEndChecked, last: applied } = await lastApplied(readModelsIn(pool), ledger);
  const verified = await withProgress(terminal, 'Reading', (on) =>
    verifyLog({ store, ledger, applied, ...on }),
  );
  const { events, revision, hash } = verified;
  const summary = `Ledger ${ledger}, ${events} events up to revision ${revision}, hash ${hash}`;
  tellVerified(
    terminal,
    { ...verified, isEndChecked },
    isEndChecked ? summary : summary + UNCHECKED,
  );
}

const UNCHECKED =
  ' (whether events are missing at the end is not known: the read models did not answer)';

async function books(
  ledger: string,
  stores: Stores,
  terminal: Terminal,
  tables: typeof TABLES,
): Promise<void> {
  const verified = await withProgress(terminal, 'Folding', async (on) => {
    const last = await lastEvent(stores.store, ledger);
    const onProgress = (events: number) => on.onProgress(events, last.revision + 1);
    const auditUpTo = last.position;
    return verifyReadModels({ ...stores, tables, ledger, auditUpTo, ...on, onProgress });
  });
  const { events, rows, position } = verified;
  const summary = `Ledger ${ledger}, ${events} events and ${rows} rows at position ${position}`;
  tellVerified(terminal, { ledger, ...verified }, summary);
}
