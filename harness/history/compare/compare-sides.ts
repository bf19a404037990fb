import type { CaseReport, LayerReport, Report, Verdict } from '../../report/index.ts';
import { compareFigures, type Noise } from './compare-figures.ts';
import type { Comparison, FigureChange, LayerChange, SideFacts, VerdictChange, Where } from './comparison.ts';

export interface Side {
  readonly label: string;
  readonly reports: readonly Report[];
}
interface Found extends Where { readonly report: Report; readonly one: CaseReport }

/**
 * Compares all cases of two sides, each of one or more runs (of several suites, devices or benches). Where a side has a case twice,
 * its newest run counts, but a bench error only where there is nothing else.
 * @param noise how much a figure differs from run to run by itself; without it noisy figures are neither better nor worse
 */
export function compareSides(base: Side, head: Side, noise: Noise = () => null): Comparison {
  const notes: string[] = [];
  const [before, after] = [casesOf(base, notes), casesOf(head, notes)];
  const headRan = new Set([...after.values()].map(({ suite, device }) => JSON.stringify([suite, device])));
  const absent = new Map<string, number>();
  const verdicts: VerdictChange[] = [];
  const layers: LayerChange[] = [];
  const figures: FigureChange[] = [];
  const compared = { cases: 0, figures: 0, equal: 0, withinNoise: 0, absent: 0 };
  for (const [key, old] of before) {
    const now = after.get(key);
    const { suite, case: name, device } = old;
    if (now === undefined) {
      // Another choice of devices is no change of the code; a case that is gone while its neighbours ran is.
      if (headRan.has(JSON.stringify([suite, device]))) verdicts.push({ suite, case: name, device, kind: 'worse', before: old.one.verdict, after: null, reason: 'is gone' });
      else absent.set(`${suite} on ${device}`, (absent.get(`${suite} on ${device}`) ?? 0) + 1);
      continue;
    }
    if (old.one.verdict === 'skipped' && now.one.verdict === 'skipped') {
      notes.push(`skipped in both: ${name} on ${device}; not compared`);
      continue;
    }
    const verdict = verdictChange(old, now);
    if (verdict !== null) verdicts.push(verdict);
    if (!ran(now.one.verdict) || !ran(old.one.verdict)) continue;
    compared.cases++;
    layers.push(...layerChanges(old, now));
    const found = compareFigures(old, now, noise);
    figures.push(...found.changes);
    compared.figures += found.compared;
    compared.equal += found.equal;
    compared.withinNoise += found.withinNoise;
  }
  for (const [key, { suite, case: name, device, one }] of after) if (!before.has(key)) verdicts.push({ suite, case: name, device, kind: one.verdict === 'fail' || one.verdict === 'build-error' ? 'worse' : one.verdict === 'pass' ? 'new' : 'unknown', before: null, after: one.verdict, reason: one.reasons[0] ?? '' });
  for (const [what, count] of absent) {
    compared.absent += count;
    notes.push(`not in the head: ${what}, ${count} ${count === 1 ? 'case' : 'cases'}; not compared`);
  }
  const worse = verdicts.some(({ kind }) => kind === 'worse') || layers.some(({ kind }) => kind === 'worse') || figures.some(({ kind }) => kind === 'worse' || kind === 'missing');
  // Verdicts alone do not tell that nothing became slower or larger.
  const unknown = compared.figures === 0 || verdicts.some(({ kind }) => kind === 'unknown');
  const better = verdicts.some(({ kind }) => kind === 'better') || layers.some(({ kind }) => kind === 'better') || figures.some(({ kind }) => kind === 'better');
  return {
    schema: 'hil-compare/1', base: factsOf(base), head: factsOf(head), result: worse ? 'worse' : unknown ? 'unknown' : better ? 'better' : 'same',
    verdicts: verdicts.sort((a, b) => rank(a.kind) - rank(b.kind)), layers: layers.sort((a, b) => rank(a.kind) - rank(b.kind)), figures: figures.sort(worstFirst), compared, notes,
  };
}

const ran = (verdict: Verdict): boolean => verdict === 'pass' || verdict === 'fail';

function casesOf({ label, reports }: Side, notes: string[]): Map<string, Found> {
  const cases = new Map<string, Found>();
  for (const report of [...reports].sort((a, b) => (Date.parse(a.run.startedAt) || 0) - (Date.parse(b.run.startedAt) || 0))) {
    for (const one of report.cases) {
      const key = JSON.stringify([report.suite.name, one.name, one.device]);
      const known = cases.get(key);
      const settles = known === undefined || told(one.verdict) || !told(known.one.verdict);
      if (settles && known?.one.verdict === 'fail' && one.verdict === 'pass') notes.push(`${one.name} on ${one.device} failed in run ${known.report.run.id} of ${label}, and passes in its newer run ${report.run.id}, which counts`);
      if (settles) cases.set(key, { suite: report.suite.name, case: one.name, device: one.device, report, one });
    }
  }
  return cases;
}

/** What was compared before and is not now: a pass that looks at less is no equal of one that looked at all. null: nothing. */
function lessCompared({ one: old }: Found, { one }: Found): string | null {
  if (old.judge === undefined && one.judge === 'metrics') return 'differing values decide nothing any more';
  if (one.samples < old.samples) return `compares ${one.samples} samples, before ${old.samples}`;
  if (old.model === null || old.model.sha256 !== one.model?.sha256) return null;
  const compared = new Set(one.layers.flatMap(({ index, covers }) => [index, ...covers]));
  const gone = old.layers.filter(({ index }) => !compared.has(index));
  return gone.length === 0 ? null : `${gone.length === 1 ? 'a layer is' : `${gone.length} layers are`} compared no more: layer ${gone[0]?.index} ${gone[0]?.op}`;
}

/** Something is known of the code. */
const told = (verdict: Verdict): boolean => ran(verdict) || verdict === 'build-error';

function factsOf({ label, reports }: Side): SideFacts {
  const commits = [...new Set(reports.map(({ run }) => run.source?.commit ?? null))];
  return { label, commit: commits.length === 1 ? commits[0] ?? null : null, dirty: reports.some(({ run }) => run.source?.dirty === true), runs: reports.map(({ run }) => run.id) };
}

function verdictChange(before: Found, now: Found): VerdictChange | null {
  const { one: old } = before;
  const { suite, case: name, device, one } = now;
  const change = { suite, case: name, device, before: old.verdict, after: one.verdict, reason: one.reasons[0] ?? '' };
  if (!told(one.verdict)) return { ...change, kind: 'unknown' };
  if (old.verdict === one.verdict) {
    const less = one.verdict === 'pass' ? lessCompared(before, now) : null;
    return less === null ? null : { ...change, kind: 'worse', reason: less };
  }
  // What the bench failed to tell before was not worse.
  if (one.verdict === 'pass') return { ...change, kind: told(old.verdict) ? 'better' : 'new' };
  // Wrong is wrong, though the base's bench failed; one that compiles again, and is wrong, is not worse than it was.
  return { ...change, kind: old.verdict === 'build-error' && one.verdict === 'fail' ? 'better' : 'worse' };
}

function layerChanges(old: Found, now: Found): LayerChange[] {
  if (old.one.model === null || old.one.model.sha256 !== now.one.model?.sha256) return [];
  const before = new Map(old.one.layers.map((layer) => [`${layer.index} ${layer.op}`, layer]));
  return now.one.layers.flatMap((layer): LayerChange[] => {
    const was = before.get(`${layer.index} ${layer.op}`);
    if (was === undefined) return [];
    const [a, b] = [wrong(was), wrong(layer)];
    if ((a > 0) === (b > 0)) return [];
    return [{ suite: now.suite, case: now.case, device: now.device, kind: b > 0 ? 'worse' : 'better', layer: layer.index, op: layer.op, name: layer.name, before: a, after: b }];
  });
}

const wrong = ({ own, mismatched }: LayerReport): number => own?.mismatched ?? mismatched;

const RANKS: readonly string[] = ['worse', 'missing', 'unknown', 'unlike', 'noise', 'better', 'new'];
const rank = (kind: string): number => RANKS.indexOf(kind);

/** By kind, then by how much, in parts of what it was. */
function worstFirst(a: FigureChange, b: FigureChange): number {
  const size = ({ before, after }: FigureChange): number => (before === null || after === null ? Infinity : before === 0 ? Infinity : Math.abs(after / before - 1));
  const [x, y] = [size(a), size(b)];
  return rank(a.kind) - rank(b.kind) || (x === y ? 0 : y - x);
}
