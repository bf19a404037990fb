import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where hil keeps what the runs of one user share (leases, quarantines): HIL_HOME, else ~/.hil. */
export function hilHome(env: NodeJS.ProcessEnv = process.env): string {
  return env['HIL_HOME'] || join(homedir(), '.hil');
}
