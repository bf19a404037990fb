import { parse } from 'yaml';

interface Job {
  readonly 'runs-on'?: unknown; readonly uses?: string; readonly if?: unknown; readonly permissions?: unknown; readonly 'timeout-minutes'?: unknown;
  readonly concurrency?: { readonly group?: unknown; readonly 'cancel-in-progress'?: unknown; readonly queue?: unknown };
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}
interface Workflow { readonly on?: unknown; readonly permissions?: unknown; readonly jobs?: Readonly<Record<string, Job>> }

/** What only whoever opens a pull request decides; in a script it would be code. */
const UNTRUSTED = /\$\{\{[^}]*(head_branch|head_ref|head\.ref|head\.label|\.title|\.body|\.message|\.label\.name|display_title|github\.event\.inputs|inputs\.|matrix\.|needs\.)[^}]*\}\}/;
const SAME_REPOSITORY = 'github.event.pull_request.head.repo.full_name == github.repository';

/** What is wrong with a workflow (or a composite action) by the rules of this repository, beyond its syntax. */
export function brokenRules(text: string): string[] {
  const workflow = parse(text) as Workflow & { runs?: { steps?: Job['steps'] } };
  if (workflow.runs !== undefined) return stepsOf('action', workflow.runs.steps ?? []);
  const broken: string[] = [];
  if (workflow.permissions === undefined) broken.push('no permissions: the token may do what the repository lets it by default');
  const triggers = typeof workflow.on === 'string' ? [workflow.on] : Array.isArray(workflow.on) ? workflow.on as string[] : Object.keys(workflow.on ?? {});
  if (triggers.includes('pull_request_target')) broken.push('pull_request_target: the token of the repository beside the code of anybody');
  for (const [name, job] of Object.entries(workflow.jobs ?? {})) {
    broken.push(...stepsOf(name, job.steps ?? []));
    if (job.uses !== undefined) {
      if (job.permissions === undefined) broken.push(`${name}: no permissions`);
      continue;
    }
    if (typeof job['timeout-minutes'] !== 'number') broken.push(`${name}: no timeout-minutes`);
    if (job.permissions === undefined && JSON.stringify(workflow.permissions) !== '{"contents":"read"}') broken.push(`${name}: no permissions`);
    // Whatever is not plainly one of GitHub's machines may be one of ours.
    if (typeof job['runs-on'] === 'string' && /^(ubuntu|windows|macos)-[a-z0-9.-]+$/.test(job['runs-on'])) continue;
    const group = String(job.concurrency?.group ?? '');
    if (!group.startsWith('device-${{ matrix.device }}') && !/^device-[a-z0-9-]+$/.test(group)) broken.push(`${name}: concurrency group ${JSON.stringify(group)} is not that of a device`);
    if (job.concurrency?.['cancel-in-progress'] !== false) broken.push(`${name}: a job on a bench could be cancelled by the next`);
    if (job.concurrency?.queue !== 'max') broken.push(`${name}: of waiting jobs, all but one would be cancelled`);
    const condition = String(job.if ?? '').replace(/\s+/g, ' ');
    if (triggers.some((trigger) => trigger.startsWith('pull_request')) && !condition.includes(`(github.event_name != 'pull_request' || (${SAME_REPOSITORY} && contains(github.event.pull_request.labels.*.name, 'bench')))`)) broken.push(`${name}: a pull request from a fork, or without the label, could reach the bench`);
    if (condition.includes('always()')) broken.push(`${name}: always() on a bench cannot be cancelled`);
  }
  return broken;
}

function stepsOf(job: string, steps: NonNullable<Job['steps']>): string[] {
  return steps.flatMap(({ uses, run, with: inputs }) => [
    ...(uses === undefined || uses.startsWith('./') || /^actions\/[a-z-]+(\/[a-z-]+)?@v\d+$/.test(uses) || /@[0-9a-f]{40}$/.test(uses) ? [] : [`${job}: ${uses} is not pinned`]),
    ...(uses?.startsWith('actions/checkout@') === true && inputs?.['persist-credentials'] !== false ? [`${job}: checkout leaves its token in the folder`] : []),
    ...(run !== undefined && UNTRUSTED.test(run) ? [`${job}: text from outside in a script`] : []),
  ]);
}
