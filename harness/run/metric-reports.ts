import { meetsLimits, type MetricKind } from '../diff/metrics.ts';
import type { OutputReport } from '../report/index.ts';
import type { PlannedMetric } from './planned-case.ts';

/** The figures of one output. @param errors what was summed up for the metric; null where nothing was */
export function metricReports(metrics: readonly PlannedMetric[], output: number, errors: (metric: PlannedMetric) => { value(kind: MetricKind): number } | null): OutputReport['metrics'] {
  return metrics.filter((metric) => metric.output === output).flatMap((metric) => {
    const { name, kind, against, unit, max, min } = metric;
    const sum = errors(metric);
    if (sum === null) return [];
    const value = sum.value(kind);
    return [{ name, kind, against, value, unit, max, min, passed: meetsLimits(value, max, min) }];
  });
}
