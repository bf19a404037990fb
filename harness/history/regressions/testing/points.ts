import type { MetricPoint } from '../../history.ts';

/** One figure a day on main, each of another commit and image, unless `change` says otherwise. */
export function pointsOf(values: readonly number[], change: (at: number) => Partial<MetricPoint> = () => ({})): MetricPoint[] {
  return values.map((value, at) => ({
    run: `key${at}`, runId: `run${at}`, startedAtMs: at * 86_400_000, commit: `c${String(at).padStart(7, '0')}`, committedAtMs: null, branch: 'main', dirty: false, suite: 'suite', case: 'torque', device: 'board',
    metric: 'latency', value, unit: 'cycles', quality: 'hardware', exact: false, better: 'lower', likeness: 'like', likenessText: 'board at 100 MHz', modelSha256: 'm0', generator: 'hil 1', imageSha256: `i${at}`, hilVersion: '1', ...change(at),
  }));
}
