import { HilError } from '../errors.ts';
import type { State } from '../history/bisect/search.ts';
import type { Tried } from './candidate.ts';

/** What counts as good and as bad. */
export interface Criterion {
  /** For people: "bad is verdict fail". */
  readonly text: string;
  stateOf(tried: Tried): State;
}

export interface Wanted {
  /** null: the verdict decides. */
  readonly metric: string | null;
  /** Of the metric; null: half way between good and bad. */
  readonly worseThan: number | null;
}

/** What a try came to, for people. */
export function outcomeText({ verdict, reason, figures }: Tried, metric: string | null): string {
  const figure = metric === null ? undefined : figures.find((each) => each.metric === metric);
  const value = figure === undefined ? '' : `${metric} ${figure.value} ${figure.unit}`.trim();
  return verdict === null ? reason : value !== '' ? `${value} (${verdict})` : `${verdict}${reason === '' || verdict === 'pass' ? '' : `: ${reason}`}`;
}

/** What the two ends came to on being tried now, and whether that tells them apart. */
export type Ends = { readonly criterion: Criterion } | { readonly wrong: 'good-is-bad' | 'bad-is-good'; readonly why: string };

/**
 * Good and bad as the two ends show them now: with a verdict, pass against what the bad end has; with a metric, a limit.
 * @throws HilError 'build' | 'bench' where an end does not come to anything; 'config' bisect.no-metric
 */
export function criterionOf(wanted: Wanted, good: Tried, bad: Tried): Ends {
  return wanted.metric === null ? byVerdict(good, bad) : byMetric(wanted.metric, wanted.worseThan, good, bad);
}

function byVerdict(good: Tried, bad: Tried): Ends {
  mustHaveRun('good', good);
  if (good.verdict !== 'pass') return { wrong: 'good-is-bad', why: outcomeText(good, null) };
  if (bad.verdict === 'pass') return { wrong: 'bad-is-good', why: outcomeText(bad, null) };
  if (bad.verdict !== 'build-error') mustHaveRun('bad', bad);
  const { verdict } = bad;
  return { criterion: { text: `bad is verdict ${verdict}`, stateOf: (tried) => (tried.verdict === 'pass' ? 'good' : tried.verdict === verdict ? 'bad' : 'untestable') } };
}

function byMetric(metric: string, worseThan: number | null, good: Tried, bad: Tried): Ends {
  mustHaveRun('good', good);
  mustHaveRun('bad', bad);
  const [before, after] = [good, bad].map((tried) => tried.figures.find((each) => each.metric === metric));
  if (before === undefined || after === undefined) {
    throw new HilError('config', 'bisect.no-metric', `the ${before === undefined ? 'good' : 'bad'} end has no figure ${JSON.stringify(metric)}`, { hint: `Figures there: ${(before === undefined ? good : bad).figures.map((each) => each.metric).join(', ') || 'none'}.` });
  }
  if (before.likeness !== after.likeness) {
    throw new HilError('config', 'bisect.unlike', `${metric} of the two ends cannot be compared: ${before.likenessText} against ${after.likenessText}`, { hint: 'Choose ends with the same device, compiler and flags.' });
  }
  const { better, unit } = before;
  const limit = worseThan ?? (before.value + after.value) / 2;
  const isWorse = (value: number): boolean => (better === 'lower' ? value > limit : value < limit);
  const text = `bad is ${metric} ${better === 'lower' ? 'more' : 'less'} than ${limit} ${unit}`.trim();
  if (isWorse(before.value)) return { wrong: 'good-is-bad', why: `${outcomeText(good, metric)}; ${text}` };
  if (!isWorse(after.value)) return { wrong: 'bad-is-good', why: `${outcomeText(bad, metric)}; ${text}` };
  return { criterion: { text, stateOf: (tried) => {
    const figure = tried.figures.find((each) => each.metric === metric);
    return figure === undefined || figure.likeness !== before.likeness ? 'untestable' : isWorse(figure.value) ? 'bad' : 'good';
  } } };
}

/** @throws HilError */
function mustHaveRun(end: 'good' | 'bad', { verdict, reason }: Tried): void {
  if (verdict === 'pass' || verdict === 'fail') return;
  const kind = verdict === 'build-error' ? 'build' : verdict === 'bench-error' || verdict === 'skipped' ? 'bench' : 'config';
  throw new HilError(kind, `bisect.${end}-not-run`, `the ${end} end cannot be tried: ${verdict === null ? reason : `${verdict}: ${reason}`}`, { hint: `Name another one with --${end}.` });
}
