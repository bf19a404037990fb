import type { components, operations } from '@octokit/openapi-types';
import { HilError } from '../../errors.ts';
import type { CheckOutput } from '../verdict/check-output.ts';
import type { Conclusion } from '../verdict/judge.ts';
import { apiRequest, type GithubApi } from './api-request.ts';

type CreateBody = operations['checks/create']['requestBody']['content']['application/json'];
type UpdateBody = operations['checks/update']['requestBody']['content']['application/json'];
type CheckRun = components['schemas']['check-run'];

/** GitHub takes so many a request; more are appended by further requests. */
const ANNOTATIONS_A_REQUEST = 50;

export interface Check {
  /** owner/name */
  readonly repository: string;
  readonly name: string;
  readonly sha: string;
  readonly conclusion: Conclusion;
  readonly output: CheckOutput;
  /** https; null: none. */
  readonly detailsUrl: string | null;
  /** ISO 8601 */
  readonly completedAt: string;
}

/**
 * Posts a completed check run. A POST that was tried again may have made two; GitHub shows and counts the newer of one name.
 * @returns its id and where it is shown @throws HilError 'config' ci.github-repository, 'bench' ci.github-*, 'cancelled'
 */
export async function postCheck(api: GithubApi, check: Check): Promise<{ readonly id: number; readonly url: string | null }> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/.test(check.repository)) throw new HilError('config', 'ci.github-repository', `not a repository (owner/name): ${check.repository}`, { hint: 'GITHUB_REPOSITORY names it.' });
  const path = `/repos/${check.repository}/check-runs`;
  const { title, summary, annotations } = check.output;
  const made = await apiRequest(api, 'POST', path, {
    name: check.name, head_sha: check.sha, status: 'completed', conclusion: check.conclusion, completed_at: check.completedAt,
    ...(check.detailsUrl === null ? {} : { details_url: check.detailsUrl }),
    output: { title, summary, annotations: annotations.slice(0, ANNOTATIONS_A_REQUEST) as (typeof annotations)[number][] },
  } satisfies CreateBody) as Partial<CheckRun> | null;
  const { id, html_url: url } = made ?? {};
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw new HilError('bench', 'ci.github-answer', `GitHub answered POST ${path} without the id of the check`);
  for (let at = ANNOTATIONS_A_REQUEST; at < annotations.length; at += ANNOTATIONS_A_REQUEST) {
    await apiRequest(api, 'PATCH', `${path}/${id}`, { output: { title, summary, annotations: annotations.slice(at, at + ANNOTATIONS_A_REQUEST) as (typeof annotations)[number][] } } satisfies UpdateBody);
  }
  return { id, url: typeof url === 'string' ? url : null };
}
