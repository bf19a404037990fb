import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { RecordedRun } from '../replay/index.ts';
import type { CaseReport } from '../report/index.ts';
import { planSuite, runSuite, type Bench, type PlannedCase } from '../run/index.ts';
import { loadSuite } from '../suite/index.ts';
import { shrinkDeath } from './shrink-death.ts';
import { shrinkValues } from './shrink-values.ts';
import { failsTheSameWay, type RunWhole } from './same-failure.ts';
import type { Shrunk } from './shrunk.ts';
import { readmeOf, suiteTexts } from './readme.ts';
import { pickTarget, type Target } from './target.ts';
import { checkEmpty, writeShrunkSuite } from './write-suite.ts';

export interface ShrinkOptions {
  /** Which failing case; null: the first. */
  readonly wanted: { readonly case: string | null; readonly device: string | null };
  readonly out: string;
  readonly force: boolean;
  /** @throws HilError where the run's device is not here */
  readonly deviceOf: (id: string) => Promise<Device>;
  readonly bench: Bench;
  readonly cacheDir: string;
  /** Time for making the input smaller, ms. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly hilVersion: string;
  readonly leaseWaitMs: number;
  /** Told what was found out, one line each. */
  readonly onStep: (line: string) => void;
  /** Told often: how far the input is. */
  readonly onProgress: (line: string) => void;
}

/** What the steps of shrinking share. */
export interface ShrinkContext extends ShrinkOptions {
  readonly run: RecordedRun;
  readonly target: Target;
  readonly plan: PlannedCase;
  readonly device: Device;
  /** For generated C and reports; removed at the end. */
  readonly temp: string;
  readonly runWhole: RunWhole;
  /** To be told of an image of the whole network: is it what the run had? */
  readonly checkImage: (image: { readonly sha256: string } | null) => void;
}

export type ShrinkResult =
  /** Written; `verified` is its run, null where there was no time for one. */
  | { readonly outcome: 'shrunk'; readonly shrunk: Shrunk; readonly target: Target; readonly verified: CaseReport | null }
  /** It does not fail any more. written: a suite that does not fail alone is in `out`. */
  | { readonly outcome: 'gone'; readonly target: Target; readonly why: string; readonly written: boolean };

const OTHER_IMAGE = 'The image that was built now is not the one that the run had: the C, the compiler or hil has changed since';
/** What reasons of a report begin with that say how to mend what is not the code's fault. */
const WHAT_TO_DO = 'what to do: ';

/**
 * Cuts a failing case of a run down and writes it as a suite that runs alone.
 * @throws HilError 'config' where nothing fails, the folder is not empty or the C is gone; 'build' | 'bench' where a try does not
 *   build or the bench fails; 'cancelled' where nothing was found before the interruption
 */
export async function shrinkRun(run: RecordedRun, options: ShrinkOptions): Promise<ShrinkResult> {
  const target = pickTarget(run.report, options.wanted);
  await checkEmpty(options.out, options.force);
  const plan = run.cases.find(({ name }) => name === target.case.name);
  const recorded = run.record.devices.find(({ spec }) => spec.id === target.case.device);
  if (plan === undefined || recorded === undefined) throw new HilError('config', 'shrink.no-case', `the run's record has no case ${target.case.name}`);
  if (recorded.spec.firmware === 'mlperf-tiny') throw new HilError('config', 'shrink.stock-firmware', `${target.case.device} has a stock firmware, into which no other model can be put`);
  await checkC(plan);
  const device = await options.deviceOf(target.case.device);
  const temp = await mkdtemp(path.join(tmpdir(), 'hil-shrink-'));
  const runWhole: RunWhole = async (one) => onlyCase(await runSuite({
    suite: { name: 'shrink', description: '', file: null }, cases: [one], devices: [device], out: path.join(temp, 'run'), cacheDir: options.cacheDir, command: [], hilVersion: options.hilVersion,
    signal: options.signal, onEvent: () => undefined, pack: 1, optimise: run.record.optimise, flags: run.record.flags, leaseWaitMs: options.leaseWaitMs, bench: options.bench,
  }), options.signal);
  const { checkImage, isOther } = imageCheck(target, plan.generator.kind === 'c' && run.record.pack === 1, options.onStep);
  try {
    const context: ShrinkContext = { ...options, run, target, plan, device, temp, runWhole, checkImage };
    const candidates = target.failure.kind === 'values' ? await shrinkValues(context, target.failure) : await shrinkDeath(context, target.failure);
    const result = await writeFirstThatFails(context, candidates);
    return result.outcome === 'gone' && isOther() ? { ...result, why: `${result.why}. ${OTHER_IMAGE}` } : result;
  } catch (error) {
    // Whatever a step calls its end then, this is why.
    throw options.signal.aborted ? options.signal.reason : error;
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

/** A build or bench that fails says nothing about whether the case fails. */
function onlyCase({ report }: { readonly report: { readonly cases: readonly CaseReport[] } }, signal: AbortSignal): CaseReport {
  if (signal.aborted) throw signal.reason;
  const one = report.cases[0] as CaseReport;
  const said = one.reasons[0] ?? one.verdict;
  const hint = one.reasons.find((reason) => reason.startsWith(WHAT_TO_DO))?.slice(WHAT_TO_DO.length);
  if (one.verdict === 'build-error') throw new HilError('build', 'shrink.build', said, hint === undefined ? {} : { hint });
  if (one.verdict === 'bench-error' || one.verdict === 'skipped') throw new HilError('bench', 'shrink.bench', said, hint === undefined ? {} : { hint });
  return one;
}

/** @throws HilError 'config' shrink.no-c where C that was given is not there any more */
async function checkC({ generator, name }: PlannedCase): Promise<void> {
  if (generator.kind !== 'c') return;
  const isThere = await stat(path.join(generator.dir, 'network.json')).then((found) => found.isFile(), () => false);
  if (!isThere) throw new HilError('config', 'shrink.no-c', `the C of ${name} is gone: there is no network.json in ${generator.dir}`, { hint: 'Put the folder back as it was when the run was made, or run again.' });
}

/** The first image of the whole network is compared with the run's, where that was of given C and of this case alone. */
function imageCheck({ case: { image: ran } }: Target, isComparable: boolean, onStep: (line: string) => void): { readonly checkImage: ShrinkContext['checkImage']; readonly isOther: () => boolean } {
  let other: boolean | null = null;
  return {
    checkImage: (image) => {
      if (other !== null || image === null || ran === null || !isComparable) return;
      other = image.sha256 !== ran.sha256;
      if (other) onStep(OTHER_IMAGE);
    },
    isOther: () => other === true,
  };
}

/** Each is written and run by itself, until one fails as it should. @param candidates the smallest first */
async function writeFirstThatFails(context: ShrinkContext, candidates: readonly Shrunk[]): Promise<ShrinkResult> {
  const { target, out, signal, onStep } = context;
  const [smallest] = candidates;
  if (smallest === undefined) return { outcome: 'gone', target, written: false, why: 'what failed in the run does not fail now, on the same device with the same samples: it comes and goes (flaky), or what was wrong has been mended' };
  for (const shrunk of candidates) {
    const texts = suiteTexts(context, shrunk);
    await writeShrunkSuite(out, shrunk, { ...texts, readme: readmeOf(context, shrunk, null) });
    // Interrupted: the best so far is there, and says that it was not run.
    if (signal.aborted) return { outcome: 'shrunk', shrunk, target, verified: null };
    onStep('the suite as it was written is run alone');
    let verified: CaseReport;
    try {
      const [planned] = await planSuite(await loadSuite(out), { generatorDir: null, now: new Date() });
      verified = await context.runWhole(planned as PlannedCase);
    } catch (error) {
      if (signal.aborted) return { outcome: 'shrunk', shrunk, target, verified: null };
      throw error instanceof HilError ? error.inContext({ after: ` (when the suite was run alone, which is in ${out}, whole)` }) : error;
    }
    if (failsTheSameWay(verified, shrunk.failure, shrunk.operator)) {
      await writeShrunkSuite(out, shrunk, { ...texts, readme: readmeOf(context, shrunk, verified) });
      return { outcome: 'shrunk', shrunk, target, verified };
    }
  }
  return { outcome: 'gone', target, written: true, why: 'it failed while it was cut down, and the suite that was written does not fail when it is run alone: the failure depends on what ran before' };
}
