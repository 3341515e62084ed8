import { userInfo } from 'node:os';

/** Who runs this process; containers may run as a user that has a number but no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'daybook-cli';
  }
}
