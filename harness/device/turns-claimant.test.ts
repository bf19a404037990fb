import { userInfo } from 'node:os';
import t from 'tap';
import { claimantOf } from './turns-claimant.ts';

t.test('the option, the environment, what CI says, else interactive', async (t) => {
  const of = (env: NodeJS.ProcessEnv, given?: string): string => claimantOf(env, given).priority;
  t.equal(of({}), 'interactive');
  t.equal(of({ GITHUB_EVENT_NAME: 'pull_request' }), 'pull-request');
  t.equal(of({ GITHUB_EVENT_NAME: 'schedule', CI: 'true' }), 'nightly');
  t.equal(of({ GITHUB_EVENT_NAME: 'workflow_dispatch', CI: 'true' }), 'interactive');
  t.equal(of({ GITHUB_EVENT_NAME: 'push', CI: 'true' }), 'pull-request', 'nobody sits before it');
  t.equal(of({ GITHUB_EVENT_NAME: 'toString' }), 'pull-request');
  t.equal(of({ CI_PIPELINE_SOURCE: 'merge_request_event' }), 'pull-request');
  t.equal(of({ GITHUB_EVENT_NAME: 'pull_request', HIL_PRIORITY: 'nightly' }), 'nightly');
  t.equal(of({ HIL_PRIORITY: 'nightly' }, 'interactive'), 'interactive');
  t.throws(() => of({ HIL_PRIORITY: 'now' }), { kind: 'config', code: 'turns.priority' });
});

t.test('shares', async (t) => {
  t.equal(claimantOf({ HIL_SHARE: 'team', GITHUB_REPOSITORY: 'me/it' }).share, 'team');
  t.equal(claimantOf({ GITHUB_REPOSITORY: 'me/it' }).share, 'me/it');
  t.equal(claimantOf({}).share, userInfo().username);
});
