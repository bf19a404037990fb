import { HilError } from '../errors.ts';
import { userName } from './lease.ts';
import type { Claimant } from './turns.ts';
import { PRIORITIES, type Priority } from './turns-order.ts';

/** What CI systems call the reason of a run, and what that means here. Whatever else CI runs (a push) has someone waiting as a pull request has. */
const BY_EVENT: Readonly<Record<string, Priority>> = {
  // GitHub: GITHUB_EVENT_NAME
  pull_request: 'pull-request', pull_request_target: 'pull-request', merge_group: 'pull-request', schedule: 'nightly', workflow_dispatch: 'interactive',
  // GitLab: CI_PIPELINE_SOURCE
  merge_request_event: 'pull-request', web: 'interactive',
};

/**
 * Who waits, and how urgently: the option, else HIL_PRIORITY, else what the CI system says, else interactive. Shares are HIL_SHARE, else
 * the repository that CI runs for, else the user.
 * @param given of --priority @throws HilError 'config' turns.priority
 */
export function claimantOf(env: NodeJS.ProcessEnv, given?: string): Claimant {
  const share = env['HIL_SHARE'] || env['GITHUB_REPOSITORY'] || env['CI_PROJECT_PATH'] || userName() || 'unknown';
  const asked = given ?? (env['HIL_PRIORITY'] || undefined);
  if (asked !== undefined) {
    const known = PRIORITIES.find((each) => each === asked);
    if (known === undefined) throw new HilError('config', 'turns.priority', `${given === undefined ? 'HIL_PRIORITY' : '--priority'}: expected one of ${PRIORITIES.toReversed().join(', ')}, got ${JSON.stringify(asked)}`);
    return { priority: known, share };
  }
  const event = env['GITHUB_EVENT_NAME'] || env['CI_PIPELINE_SOURCE'] || '';
  const inCi = event !== '' || /^(1|true)$/i.test(env['CI'] ?? '');
  return { priority: Object.hasOwn(BY_EVENT, event) ? BY_EVENT[event] as Priority : inCi ? 'pull-request' : 'interactive', share };
}
