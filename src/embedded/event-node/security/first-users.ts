// The users that a store begins with. There is no password that everybody knows: whoever starts the
// node chooses it, once; later it is changed like any other.
import { Failure } from '../../../platform/failure.js';
import { ADMINS, OPERATORS } from './access-decision.js';
import { type FirstPasswords } from './first-passwords.js';
import { type Users } from './users.js';

/** Throws a Failure if nobody could ever log in. */
export async function makeFirstUsers(users: Users, passwords: FirstPasswords): Promise<void> {
  const { adminPassword, opsPassword } = passwords;
  if (!users.find('admin')) {
    if (!adminPassword) {
      throw new Failure(
        'usage',
        'this store has no users yet: choose a password for its first one, admin, ' +
          'put it into a file, and give that with --admin-password-file',
      );
    }
    await users.create({
      loginName: 'admin',
      fullName: 'Event Store Administrator',
      groups: [ADMINS],
      password: adminPassword,
    });
  }
  if (opsPassword && !users.find('ops')) {
    await users.create({
      loginName: 'ops',
      fullName: 'Event Store Operations',
      groups: [OPERATORS],
      password: opsPassword,
    });
  }
}
