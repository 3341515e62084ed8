// TLS and first passwords from files: nothing secret is ever an argument, which everybody on the
// machine could see.
import { readFileSync } from 'node:fs';
import { Failure } from '../../platform/failure.js';
import { type EventNodeSecurity } from '../../embedded/event-node/start.js';

export interface SecurityOptions {
  tlsCert?: string;
  tlsKey?: string;
  adminPasswordFile?: string;
  opsPasswordFile?: string;
}

/** Undefined if nothing is asked for; throws a Failure that says what is missing or unreadable. */
export function securityFrom(options: SecurityOptions): EventNodeSecurity | undefined {
  const { tlsCert, tlsKey, adminPasswordFile, opsPasswordFile } = options;
  if (Object.values({ tlsCert, tlsKey, adminPasswordFile, opsPasswordFile }).every(isUndefined)) {
    return undefined;
  }
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new Failure('usage', 'users need TLS: give both --tls-cert and --tls-key');
  }
  return {
    certificate: textOf('--tls-cert', tlsCert),
    privateKey: textOf('--tls-key', tlsKey),
    adminPassword: passwordIn('--admin-password-file', adminPasswordFile),
    opsPassword: passwordIn('--ops-password-file', opsPasswordFile),
  };
}

const isUndefined = (value: unknown) => value === undefined;

/** The first line, so that an editor's line break is no part of the password. */
function passwordIn(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const [password = ''] = textOf(option, path).split(/\r?\n/, 1);
  if (password === '') throw new Failure('usage', `${option}: the first line of ${path} is empty`);
  return password;
}

function textOf(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure('usage', `${option}: ${path} cannot be read (${code})`, { cause: error });
  }
}
