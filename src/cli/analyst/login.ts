// A login for an analyst: a role of its own in Postgres, which reads the schema `reporting` through the
// role daybook_analyst and owns nothing.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import { inTransaction } from '../../../projections/engine/generations.js';
import { Failure } from '../../platform/failure.js';

/** Longer ones would be cut by Postgres; its own begin with `pg_`, and two more names are reserved. */
export const LOGIN_NAME = /^(?!pg_|public$|none$)[a-z_][a-z0-9_]{0,62}$/;
/** What a role says that was made here: others are not touched. */
const MARK = 'An analyst of Daybook: reads the schema reporting, and nothing else.';
const PASSWORD_BYTES = 24;
const CONNECTIONS_MAX = 10;
/** A query holds up the swap of a rebuild for as long as it runs, or its transaction sits idle. */
const STATEMENT_TIMEOUT_MS = 60_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

/** What a session of an analyst begins with; they may set their own. */
const SESSION_DEFAULTS = {
  default_transaction_read_only: 'on',
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_TIMEOUT_MS),
  search_path: 'reporting',
  timezone: 'UTC',
} as const;

/**
 * Makes the login, or gives it a new password when it is there, and returns that password, which is kept
 * nowhere. Throws a Failure of kind `refused` when a role of that name is somebody else's, and of kind
 * `infrastructure` when the database user may not make roles, or the database is not up to date.
 */
export async function analystLogin(database: ClientBase, name: string): Promise<string> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  await requireMigrated(database);
  await inTransaction(database, async () => {
    // Two at once could not both give grants to one role; a swap of read models gives them too.
    await database.query('LOCK TABLE daybook.generation IN SHARE ROW EXCLUSIVE MODE');
    await admitAnalysts(database);
    const verb = (await isOurs(database, name)) ? 'ALTER' : 'CREATE';
    await database.query(loginStatements(verb, name, password).join(';\n'));
  });
  return password;
}

function loginStatements(verb: 'ALTER' | 'CREATE', name: string, password: string): string[] {
  const role = escapeIdentifier(name);
  return [
    `${verb} ROLE ${role} LOGIN CONNECTION LIMIT ${CONNECTIONS_MAX}
       PASSWORD ${escapeLiteral(scramVerifier(password))}`,
    `GRANT daybook_analyst TO ${role}`,
    `COMMENT ON ROLE ${role} IS ${escapeLiteral(MARK)}`,
    ...Object.entries(SESSION_DEFAULTS).map(
      ([setting, value]) => `ALTER ROLE ${role} SET ${setting} = ${escapeLiteral(value)}`,
    ),
  ];
}

async function requireMigrated(database: ClientBase): Promise<void> {
  const { rows } = await database.query<{ found: boolean }>(
    `SELECT to_regproc('daybook.admit_analysts') IS NOT NULL AS found`,
  );
  if (rows[0]?.found) return;
  throw new Failure('infrastructure', 'The database is not up to date: run "daybook migrate".');
}

async function admitAnalysts(database: ClientBase): Promise<void> {
  const { rows } = await database.query<{ problem: string | null }>(
    `SELECT coalesce(daybook.admit_analysts(), CASE WHEN NOT (rolcreaterole OR rolsuper)
       THEN format('The database user %I may not create roles.', rolname) END) AS problem
     FROM pg_roles WHERE rolname = current_user`,
  );
  const problem = rows[0]?.problem ?? null;
  if (problem === null) return;
  throw new Failure(
    'infrastructure',
    `${problem} Let an administrator make the login: docs/analysts.md has the statements.`,
  );
}

/** False when there is no such role. */
async function isOurs(database: ClientBase, name: string): Promise<boolean> {
  const { rows } = await database.query<{ mark: string | null }>(
    `SELECT shobj_description(oid, 'pg_authid') AS mark FROM pg_roles WHERE rolname = $1`,
    [name],
  );
  if (rows[0] && rows[0].mark !== MARK) {
    throw new Failure(
      'refused',
      `The database has a role "${name}" that was not made by this command: choose another name.`,
    );
  }
  return rows.length > 0;
}

// What Postgres would make of the password itself: the password then stands in none of its logs.
function scramVerifier(password: string): string {
  const [iterations, saltBytes, keyBytes] = [4_096, 16, 32];
  const salt = randomBytes(saltBytes);
  const salted = pbkdf2Sync(password, salt, iterations, keyBytes, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const server = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`;
}
