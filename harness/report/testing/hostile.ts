import type { CaseReport, LayerReport, Report } from '../report.ts';
import { DETERMINISM, diagnosedLayers, TOLERANCES } from './diagnosed-reports.ts';
import { caseReport, faultCase, report, wrongLayers } from './sample-reports.ts';

/** Names that try to act in some output language. Each must come out as text everywhere. */
export const HOSTILE: readonly string[] = [
  '</script><script>window.hacked=1</script>', '<img src=x onerror="window.hacked=1">', '*/ } #error "x" /*', '../../etc/passwd',
  'one\ntwo\r\n::error::three', '::error file=a,line=1::boo', '##[error]boo', '##vso[task.complete result=Succeeded;]', '\u001b[31mred\u001b]0;title\u0007',
  '\u009b31m C1', '\u202egnp.exe', '\ud800 half', '\ufffe\u0000\u0001', ']]><failure/>', '&lt;b&gt; &amp; "quotes" \'single\'', '| a | `b` **c** [d](https://e.example) @someone #12 ![f](g)',
  'ok # SKIP not really', 'Bail out! no', '  ---\n  ...', '$(touch x) `touch y` ; rm -rf', '__proto__', 'constructor', '\u2028\u2029', '<!--', 'x'.repeat(5000),
];

/** The text with one hostile name after another, in every place where a name can stand. */
export function hostileReport(): Report {
  const all = HOSTILE.map((name, which) => hostileCase(name, which));
  const first = report(all);
  const joined = HOSTILE.slice(0, -1).join(' ');
  return {
    ...first,
    run: { ...first.run, id: joined, hilVersion: joined, command: HOSTILE, hostFingerprint: { os: joined, arch: joined, cpu: joined, node: joined, tools: Object.fromEntries(HOSTILE.map((name) => [name, name])) },
      leftOut: HOSTILE.map((name) => ({ device: name, why: name })) },
    devices: HOSTILE.map((id) => ({ id, kind: 'serial', core: id, clockHz: 1, simulated: false })), suite: { name: joined, description: joined, file: joined },
  };
}

function hostileCase(name: string, which: number): CaseReport {
  const layers = wrongLayers().map((one) => ({
    ...one, op: name, name, diagnosis: [{ cause: name, text: name, wrong: 3, explained: 2, contradicted: 1, samples: 1, rank: 1 }], cost: { ...one.cost, unit: name },
    where: hostileWhere(name), from: [-1, 0, one.index, 9_999],
    tensors: one.tensors.map((item) => ({ ...item, name, dtype: name, histogram: { ...item.histogram, [name]: 1 },
      firstMismatch: item.firstMismatch === null ? null : { ...item.firstMismatch, sequence: name, expected: Number.NaN, got: Number.NEGATIVE_INFINITY } })),
  }));
  const fault = faultCase().fault;
  return caseReport({
    name, device: name, verdict: (['fail', 'skipped', 'bench-error', 'pass'] as const)[which % 4] ?? 'fail', reasons: [name, name], model: { file: name, sha256: 'ab'.repeat(32) }, generator: { name, version: name },
    image: { sha256: 'cd'.repeat(32), buildId: name, compiler: name, flags: [name] , cached: true }, profile: name, sequences: [{ name, samples: 3 }], layers,
    outputs: [{ name, compared: 1, mismatched: 1, maxAbsDiff: Number.POSITIVE_INFINITY, metrics: [{ name, kind: name, value: Number.NaN, unit: name, max: 1, passed: false }] }],
    counters: [{ name, value: 1, unit: name, quality: 'hardware' }], latency: null, latencyReason: name, energy: { value: 1, unit: name, quality: 'modelled', source: name },
    fault: fault === null ? null : { ...fault, text: name, registers: Object.fromEntries([[name, name]]), flags: [name], layer: { index: 0, op: name, name }, sequence: name,
      pc: { address: name, function: name, file: name, line: 1 } },
    tolerances: TOLERANCES.map((one) => ({ ...one, scope: name, reason: name, layers: [0, 77_777] })),
    determinism: DETERMINISM.map((one) => ({ ...one, note: name, layer: { index: 55, op: name, name } })),
    log: [name, `prefix ${name}`],
    plots: [{ title: name, unit: name, sequence: name, stepSeconds: 0.1, series: [{ name, values: [1, Number.NaN, 3] }, { name, values: [1, 2, 4] }] }],
  });
}

/** Names, and figures that do not fit each other. */
function hostileWhere(name: string): LayerReport['where'] {
  const where = diagnosedLayers()[1]?.where;
  if (where == null) throw new Error('the sample has no place');
  return {
    ...where, pattern: [name, name], histogram: { ...where.histogram, [name]: 1 }, first: { ...where.first, sequence: name, expected: Number.NaN }, worst: { ...where.worst, sequence: name, index: [7, 7, 7, 7, 7, 7] },
    shape: [3, 0, 70_000], map: { ...where.map, plane: [[1, 2], [], [3]], rows: 1, binned: [7, 1, 9] },
    values: where.values === null ? null : { ...where.values, sequence: name, dtype: name, expected: name },
  };
}
