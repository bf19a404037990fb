import path from 'node:path';
import { openRun } from '../bundle/index.ts';
import type { Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { figuresOfCase } from '../history/metrics-of-case.ts';
import { rerunImage, type RecordedRun } from '../replay/index.ts';
import { sha256Of, type OnEvent } from '../run/index.ts';
import { slug } from '../suite/index.ts';
import { factsOf, type Tried } from './candidate.ts';
import type { KeptRuns } from './kept-runs.ts';
import type { PastRun } from './runs-between.ts';

export interface TryRunOptions {
  readonly device: Device;
  readonly case: string;
  readonly kept: KeptRuns;
  readonly hilVersion: string;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly leaseWaitMs: number;
  readonly quarantined: ReadonlyMap<string, string>;
  readonly onNote: (line: string) => void;
  /** Reports of the tries; null: nowhere. */
  readonly out: string | null;
}

/** Tries runs of the past by running their kept images again; equal images with equal inputs only once. */
export function runTrier(options: TryRunOptions): (run: PastRun) => Promise<Tried> {
  const known = new Map<string, { readonly id: string; readonly tried: Tried }>();
  const noted = new Set<string>();
  return async (past) => {
    const place = await options.kept.find(past.row);
    if (place === null) return untried('neither its folder nor a bundle of it is there', null);
    const opened = await openRun(place).catch(notUsable);
    if ('verdict' in opened) return opened;
    try {
      const { run } = opened;
      const then = run.report.cases.find((one) => one.name === options.case && one.device === past.recorded.device);
      const facts = then === undefined ? null : factsOf(run.report, then, inputsOf(run, options.case));
      if (facts?.image == null) return untried(then?.verdict === 'build-error' ? `it did not build then: ${then.reasons[0] ?? ''}` : 'no image of the case was kept', facts);
      const same = known.get(`${facts.image} ${facts.inputs}`);
      if (same !== undefined) return { ...same.tried, facts, sameAs: same.id };
      const result = await rerunImage(run, { ...options, out: options.out === null ? null : path.join(options.out, slug(past.id)), command: ['hil', 'history', 'bisect'] }).catch(notUsable);
      if ('verdict' in result) return { ...result, facts };
      for (const note of result.notes.filter((each) => !noted.has(each))) {
        noted.add(note);
        options.onNote(note);
      }
      const now = result.caseNow(options.case);
      const tried: Tried = { verdict: now.verdict, figures: figuresOfCase(result.report, now), reason: now.reasons[0] ?? '', facts, sameAs: null };
      known.set(`${facts.image} ${facts.inputs}`, { id: past.id, tried });
      return tried;
    } finally {
      await opened.close();
    }
  };
}

const untried = (reason: string, facts: Tried['facts']): Tried => ({ verdict: null, figures: [], reason, facts, sameAs: null });

/** A record that is damaged, or of another board, is a property of that run alone. @throws any other error */
function notUsable(error: unknown): Tried {
  if (error instanceof HilError && error.kind === 'config') return untried(error.message, null);
  throw error;
}

/** Plan, samples, truth and oracle of a case, without the paths that they had on the computer of the run. */
function inputsOf({ record }: RecordedRun, name: string): string | null {
  const plan = (record.cases as readonly Readonly<Record<string, unknown>>[]).find((one) => one['name'] === name);
  if (plan === undefined) return null;
  const { modelFile: _file, generator: _generator, devices: _devices, ...rest } = plan;
  return sha256Of(Buffer.from(JSON.stringify(rest)));
}
