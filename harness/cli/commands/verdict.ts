import path from 'node:path';
import { checkOutput, collectFacts, judge, postCheck, readFacts, type Conclusion, type VerdictFacts } from '../../ci/index.ts';
import { HilError } from '../../errors.ts';
import { escapeTerminal, writeFileAtomically } from '../../report/index.ts';
import { makeOutFolder } from '../out-folder.ts';
import type { CommandAction, CommandContext } from '../program.ts';

interface VerdictOptions {
  readonly expect?: readonly string[];
  readonly post?: boolean;
  readonly out?: string;
  readonly from?: string;
  readonly jobConclusion?: string;
  readonly sha?: string;
  readonly name?: string;
  readonly detailsUrl?: string;
  readonly allowSubset?: boolean;
  readonly inconclusive?: Exclude<Conclusion, 'success'>;
}

const COLOURS = { success: 'green', failure: 'red', neutral: 'yellow', action_required: 'yellow' } as const;

/** hil verdict RUNS...: one verdict of all jobs of a pipeline. Exit 0 says that it was told, not what it is. */
export const verdict: CommandAction<VerdictOptions> = async (folders, options, context) => {
  const { terminal } = context;
  const facts = await factsOf(folders, options, context);
  const foreign = options.from !== undefined;
  const judged = judge(facts, {
    sha: shaOf(options), inconclusive: options.inconclusive ?? 'neutral', allowSubset: options.allowSubset === true, ...(foreign ? { foreignJob: { conclusion: options.jobConclusion ?? null } } : {}),
  });
  const output = checkOutput(judged, foreign);
  if (options.out !== undefined) {
    await makeOutFolder(path.dirname(path.resolve(options.out)));
    await writeFileAtomically(options.out, `${JSON.stringify(facts)}\n`).catch((cause: unknown) => { throw new HilError('bench', 'verdict.write', `cannot write ${options.out}: ${(cause as Error).message}`, { cause }); });
  }
  const posted = options.post === true ? await post(judged.sha, { conclusion: judged.conclusion, output }, options, context) : null;
  terminal.result({ ...judged, summary: output.summary, annotations: output.annotations, posted });
  terminal.out(`${terminal.style(COLOURS[judged.conclusion], judged.conclusion)}  ${escapeTerminal(output.title)}`);
  if (!terminal.quiet) {
    for (const { device, counts } of judged.devices) terminal.out(`  ${escapeTerminal(device)}: ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(', ') || 'no report'}`);
    for (const doubt of judged.doubts) terminal.out(`  ${terminal.style('yellow', '!')} ${escapeTerminal(doubt)}`);
    for (const { verdict: what, name, device, reason } of judged.cells) if (what === 'fail' || what === 'build-error') terminal.out(`  ${terminal.style('red', 'x')} ${escapeTerminal(`${name} on ${device}: ${reason}`)}`);
    if (posted !== null) terminal.out(`Posted: ${escapeTerminal(posted.url ?? String(posted.id))}`);
  }
  return 0;
};

async function factsOf(folders: readonly string[], options: VerdictOptions, { signal }: CommandContext): Promise<VerdictFacts> {
  if (options.from === undefined) {
    if (options.jobConclusion !== undefined) throw usage('--job-conclusion goes with --from');
    if (folders.length === 0) throw usage('name the folders of the runs, or a file with --from');
    const facts = await collectFacts(folders, options.expect ?? [], process.env['GITHUB_WORKSPACE'] ?? process.cwd(), signal);
    if (facts.runs.length + facts.unreadable.length + facts.expected.length === 0) throw new HilError('config', 'verdict.nothing', `there is no report.json below ${folders.join(', ')}`, { hint: 'Say with --expect which devices should have reported; that they did not is then the verdict.' });
    return facts;
  }
  if (folders.length > 0 || options.out !== undefined) throw usage('--from takes everything from the file: no folders and no --out beside it');
  if (options.sha === undefined) throw usage('--from needs --sha: what the file says of its commit is not believed');
  const facts = await readFacts(options.from);
  // The list of devices is ours to say; one of the file counts besides, as it can only make the verdict stricter.
  return { ...facts, expected: [...new Set([...(options.expect ?? []), ...facts.expected])] };
}

function shaOf({ sha }: VerdictOptions): string | null {
  if (sha === undefined) return null;
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)) throw usage(`--sha takes a whole commit id of 40 hexadecimal digits, got ${JSON.stringify(sha.slice(0, 80))}`);
  return sha;
}

async function post(sha: string | null, { conclusion, output }: { conclusion: Conclusion; output: ReturnType<typeof checkOutput> }, options: VerdictOptions, { terminal, signal, hilVersion }: CommandContext): Promise<{ id: number; url: string | null }> {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: url } = process.env;
  if (sha === null) throw new HilError('config', 'verdict.no-commit', 'the runs do not agree on a commit that the check could be for', { hint: 'Say which with --sha; runs of other commits are then not counted.' });
  if (token === undefined || token === '') throw new HilError('config', 'verdict.no-token', 'GITHUB_TOKEN is not set', { hint: 'In the step: env: GITHUB_TOKEN: ${{ github.token }}; in the job: permissions: checks: write.' });
  if (repository === undefined) throw new HilError('config', 'verdict.no-repository', 'GITHUB_REPOSITORY (owner/name) is not set');
  return postCheck({ url: url ?? 'https://api.github.com', token, signal, userAgent: `hil/${hilVersion}`, onRetry: (why, waitMs) => terminal.note(`${why}; again in ${Math.ceil(waitMs / 1000)} s`) }, {
    repository, name: options.name ?? 'hil verdict', sha, conclusion, output, detailsUrl: detailsUrl(options), completedAt: new Date().toISOString(),
  });
}

function detailsUrl(options: VerdictOptions): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const url = options.detailsUrl ?? (server !== undefined && repository !== undefined && run !== undefined ? `${server}/${repository}/actions/runs/${run}` : null);
  if (url !== null && !/^https?:\/\//.test(url)) throw usage(`--details-url takes an http or https address, got ${JSON.stringify(url.slice(0, 80))}`);
  return url;
}

const usage = (message: string): HilError => new HilError('config', 'cli.usage', message, { hint: 'See hil verdict --help.' });
