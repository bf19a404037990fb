import { scheduleOptions, type RunOptions } from '../run/index.ts';
import { wholeNumber } from './whole-number.ts';

/** Options of commands that run cases, as commander gives them. */
export interface ScheduleWords {
  readonly benchRetries?: string;
  readonly retryWaitMs?: string;
  readonly priority?: string;
  readonly jobs?: string;
}

export type ScheduleChoice = Required<Pick<RunOptions, 'schedule' | 'retry'>>;

const DEFAULT_WAIT_MS = '5000';
const MOST_RETRIES = 100;
const MOST_WAIT_MS = 3_600_000;
const MOST_JOBS = 1024;

/** @throws HilError 'config' cli.number | turns.jobs | turns.priority */
export function scheduleChoice({ benchRetries, retryWaitMs, priority, jobs }: ScheduleWords, env: NodeJS.ProcessEnv): ScheduleChoice {
  return {
    schedule: scheduleOptions(env, { priority, jobs: jobs === undefined ? undefined : wholeNumber('--jobs', jobs, 1, MOST_JOBS) }),
    retry: { retries: wholeNumber('--bench-retries', benchRetries ?? '0', 0, MOST_RETRIES), waitMs: wholeNumber('--retry-wait-ms', retryWaitMs ?? DEFAULT_WAIT_MS, 0, MOST_WAIT_MS) },
  };
}
