import { availableParallelism } from 'node:os';
import { claimantOf } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import type { CoreOptions } from './cores.ts';

const MOST_JOBS = 1024;

/**
 * How much of this computer a run takes, and whose turn it is.
 * @param given of --jobs and --priority; absent: HIL_JOBS and HIL_HOST_JOBS, else as many as there are cores; claimantOf()
 * @throws HilError 'config' turns.jobs | turns.priority
 */
export function scheduleOptions(env: NodeJS.ProcessEnv, given: { readonly jobs?: number | undefined; readonly priority?: string | undefined } = {}): CoreOptions {
  return {
    ...claimantOf(env, given.priority),
    jobs: given.jobs ?? fromEnv(env, 'HIL_JOBS') ?? availableParallelism(),
    hostJobs: fromEnv(env, 'HIL_HOST_JOBS') ?? availableParallelism(),
  };
}

function fromEnv(env: NodeJS.ProcessEnv, name: string): number | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > MOST_JOBS) throw new HilError('config', 'turns.jobs', `${name}: expected a whole number from 1 to ${MOST_JOBS}, got ${JSON.stringify(text)}`);
  return value;
}
