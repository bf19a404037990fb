import { meetsLimits, type ErrorSum, type MetricAgainst } from '../diff/metrics.ts';
import type { OutputReport } from '../report/index.ts';
import type { PlannedMetric } from './planned-case.ts';

/** The figures of one output. @param errors what was summed up; null where nothing was */
export function metricReports(metrics: readonly PlannedMetric[], output: number, errors: (against: MetricAgainst) => ErrorSum | null): OutputReport['metrics'] {
  return metrics.filter((metric) => metric.output === output).flatMap(({ name, kind, against, unit, max, min }) => {
    const sum = errors(against);
    if (sum === null) return [];
    const value = sum.value(kind);
    return [{ name, kind, against, value, unit, max, min, passed: meetsLimits(value, max, min) }];
  });
}
