import { userInfo } from 'node:os';

/** Who runs hil, for records of who decided something. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`;
  }
}
