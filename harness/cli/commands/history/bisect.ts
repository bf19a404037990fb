import path from 'node:path';
import { bisectCommits, bisectRuns, type BisectBench, type BisectResult } from '../../../bisect/index.ts';
import { HilError } from '../../../errors.ts';
import { buildCacheDir } from '../../build-cache.ts';
import { quarantinedDevices } from '../../device-quarantine.ts';
import { progressView } from '../../progress-view.ts';
import type { CommandAction, CommandContext } from '../../program.ts';
import { oneDevice } from '../../run-devices.ts';
import { withHistory } from '../../the-history.ts';
import { candidateText, tellResult, triedText } from './bisect-text.ts';

export interface BisectCommandOptions {
  readonly case: string;
  readonly device: string;
  readonly suite?: string;
  readonly good?: string;
  readonly bad?: string;
  readonly metric?: string;
  readonly worseThan?: string;
  readonly runs?: readonly string[];
  readonly build?: boolean;
  readonly out?: string;
}

/** A device that others use is waited for this long before the bench is called busy. */
const LEASE_WAIT_MS = 10 * 60_000;

/** hil history bisect: 0 found, 1 the ends are not what they were, 3 nothing between builds, 4 the bench fails. */
export const bisect: CommandAction<BisectCommandOptions> = async (_positional, options, context) => {
  const { build = false, suite, good, bad } = options;
  const wanted = { case: options.case, metric: options.metric ?? null, worseThan: limitOf(options) };
  if (build && (suite === undefined || good === undefined)) throw new HilError('config', 'cli.usage', '--build needs the folder of the suite (--suite) and a good commit (--good)', { hint: 'E.g. --build --suite suites/engine-rom --good v1.2 --bad HEAD.' });
  if (build && options.runs !== undefined) throw new HilError('config', 'cli.usage', '--runs is for kept images, and --build runs none');
  const device = await oneDevice(options.device);
  const bench: BisectBench = { ...view(context, options.metric ?? null), device, hilVersion: context.hilVersion, signal: context.signal, leaseWaitMs: LEASE_WAIT_MS, quarantined: quarantinedDevices([device]),
    out: options.out === undefined ? null : path.resolve(options.out) };
  const result = build && suite !== undefined && good !== undefined
    ? await bisectCommits({ ...wanted, suite, good, bad: bad ?? 'HEAD' }, buildCacheDir(), bench)
    : await withHistory((history) => bisectRuns(history, { ...wanted, device: device.spec.id, suite: suite ?? null, good: good ?? null, bad: bad ?? null }, options.runs ?? [], bench));
  return tell(result, options, context);
};

function limitOf({ worseThan, metric }: BisectCommandOptions): number | null {
  if (worseThan === undefined) return null;
  const limit = Number(worseThan);
  if (worseThan.trim() === '' || !Number.isFinite(limit)) throw new HilError('config', 'cli.number', `--worse-than: expected a number, got "${worseThan}"`);
  if (metric === undefined) throw new HilError('config', 'cli.usage', '--worse-than says when a figure is bad: name the figure with --metric');
  return limit;
}

/** One line before each try and one after it; on a terminal what the run does meanwhile, too. */
function view({ terminal }: CommandContext, metric: string | null): Pick<BisectBench, 'onEvent' | 'onNote' | 'onTry' | 'onTried'> {
  const progress = progressView(terminal, () => performance.now());
  return {
    // On a log the phases of every try would drown what is tried.
    onEvent: (event) => { if (terminal.interactive || terminal.verbose) progress(event); },
    onNote: (line) => terminal.note(line),
    onTry: (candidate, stepsLeft) => terminal.note(`${stepsLeft === null ? 'an end' : `${stepsLeft} more at the most`}: trying ${candidateText(candidate)}`),
    onTried: (done) => terminal.note(`  ${triedText(done, metric)}`),
  };
}

function tell(result: BisectResult, { metric, case: name }: BisectCommandOptions, { terminal }: CommandContext): number {
  terminal.result({ schema: 'hil-bisect/1', case: name, ...result, tries: result.tries.map(({ candidate, state, tried }) => ({ ...bare(candidate), state, verdict: tried.verdict, reason: tried.reason, sameAs: tried.sameAs,
    value: tried.figures.find((each) => each.metric === metric)?.value ?? null, facts: tried.facts })),
    ...(result.outcome === 'found' ? { firstBad: result.firstBad.map(bare), lastGood: bare(result.lastGood) } : {}) });
  return tellResult(result, terminal);
}

/** Without what only the search needs. */
const bare = ({ kind, id, commit, subject, at }: BisectResult['tries'][number]['candidate']) => ({ kind, id, commit, subject, at });
