import { suiteError, type Place } from './suite-error.ts';
import type { CaseJson, SuiteMetric, SuiteTolerance } from './suite.ts';

/** Figures of which more is better: they take "min", the others "max". */
const MORE_IS_BETTER: readonly SuiteMetric['kind'][] = ['top-1', 'auc', 'cosine', 'nse'];

/** @throws HilError 'config' for a tolerance that forgives nothing, or says the same thing twice */
export function loadTolerances(json: CaseJson, at: (below: string) => Place): SuiteTolerance[] {
  const { tolerance, tolerances } = json;
  if (tolerance !== undefined && tolerances !== undefined) throw suiteError('invalid', at('tolerance'), 'give tolerance or tolerances, not both: {"lsb": n, "reason": "..."} in tolerances holds for all layers', { got: tolerance });
  if (tolerances === undefined) return (tolerance?.lsb ?? 0) === 0 ? [] : [{ layers: null, operator: null, lsb: (tolerance as { lsb: number }).lsb, budget: null, reason: '' }];
  return tolerances.map(({ layers, operator, lsb, elements, share, reason }, index) => {
    const place = at(`tolerances[${index}]`);
    if (elements !== undefined && share !== undefined) throw suiteError('invalid', place, 'expected elements or share, not both', { got: { elements, share } });
    if (lsb === undefined && elements === undefined && share === undefined) throw suiteError('invalid', place, 'expected lsb, elements or share: a tolerance must say what it forgives', { expected: 'lsb, elements or share' });
    return { layers: layers ?? null, operator: operator ?? null, lsb: lsb ?? null, reason, budget: elements !== undefined ? { elements } : share !== undefined ? { share } : null };
  });
}

/** @throws HilError 'config' for a limit that the kind does not have, and where nothing would decide */
export function loadMetrics(json: CaseJson, at: (below: string) => Place): SuiteMetric[] {
  const hasTruth = json.sequences.some((each) => each.truth !== undefined || each.labels !== undefined);
  const metrics = (json.metrics ?? []).map((each, index): SuiteMetric => {
    const place = at(`metrics[${index}]`);
    const more = MORE_IS_BETTER.includes(each.kind);
    const [limit, other] = more ? ['min', 'max'] as const : ['max', 'min'] as const;
    if (each[other] !== undefined) throw suiteError('invalid', { ...place, json: `${place.json}.${other}` }, `of ${each.kind} ${more ? 'more' : 'less'} is better, so it takes ${limit}`, { expected: limit, got: other });
    if (each.min !== undefined && (each.min > 1 || ((each.kind === 'top-1' || each.kind === 'auc') && each.min <= 0) || (each.kind === 'cosine' && each.min <= -1))) {
      throw suiteError('invalid', { ...place, json: `${place.json}.min` }, `${each.kind} is ${each.kind === 'top-1' || each.kind === 'auc' ? 'from 0 to 1' : each.kind === 'cosine' ? 'from -1 to 1' : 'at most 1'}: a limit of ${each.min} decides nothing`, { got: each.min });
    }
    const against = each.against ?? 'truth';
    if (against === 'truth' && !hasTruth) {
      throw suiteError('no-truth', at('metrics'), 'a metric compares with truth, and no sequence has a truth file or labels', { expected: 'truth', got: null }, 'To compare with the reference\'s output instead, say "against": "reference".');
    }
    if (each.kind === 'auc' && against === 'reference') throw suiteError('invalid', { ...place, json: `${place.json}.against` }, 'auc compares with labels, and the reference has none', { expected: 'truth', got: against });
    return { name: each.name, kind: each.kind, against, unit: each.unit ?? '', output: each.output ?? null, max: each.max ?? null, min: each.min ?? null };
  });
  if (json.judge === 'metrics') {
    if (metrics.every(({ max, min }) => max === null && min === null)) throw suiteError('invalid', at('judge'), 'judged by metrics, and no metric has a limit: nothing would decide', { expected: 'a metric with max or min' });
    if (json.tolerance !== undefined || json.tolerances !== undefined) throw suiteError('invalid', at('judge'), 'judged by metrics, tolerances decide nothing', { got: 'tolerances' });
  }
  return metrics;
}
