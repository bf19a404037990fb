import t from 'tap';
import type { CaseReport, LayerReport, Report } from '../report/index.ts';
import { pickTarget } from './target.ts';

const first = (step: number): object => ({ sequence: 's', sample: step, step, index: [0], expected: 0, got: 1 });
const layer = (index: number, mismatched: number, own: { readonly mismatched: number; readonly maxAbsDiff: number; readonly step: number } | null, shown = 9): LayerReport => ({
  index, op: 'CONV_2D', name: `l${index}`, covers: [index], mismatched, own: own === null ? null : { ...own, compared: 100, samples: 10, first: first(own.step) },
  tensors: mismatched === 0 ? [] : [{ firstMismatch: first(shown) }],
} as unknown as LayerReport);
const failing = (more: object): Report => ({ cases: [{ name: 'a', device: 'host', verdict: 'fail', reasons: [], fault: null, layers: [], outputs: [], tolerances: [], ...more }] } as unknown as Report);
const targetOf = (more: object): unknown => pickTarget(failing(more), { case: null, device: null }).failure;
const tolerance = (layers: readonly number[], lsb: number | null, budget: object | null = null): CaseReport['tolerances'][number] => ({ layers, lsb, budget } as unknown as CaseReport['tolerances'][number]);

t.test('what is forgiven is not what fails', async (t) => {
  const layers = [layer(0, 0, { mismatched: 5, maxAbsDiff: 1, step: 0 }), layer(1, 3, { mismatched: 3, maxAbsDiff: 40, step: 4 })];
  t.match(targetOf({ layers, tolerances: [tolerance([0], 1)] }), { kind: 'values', own: true, forgiven: 0, layer: { index: 1 }, step: 4 });
  t.match(targetOf({ layers: [layer(0, 2, { mismatched: 5, maxAbsDiff: 7, step: 0 }, 6)], tolerances: [tolerance([0], 2)] }), { own: true, forgiven: 2, step: 6 }, 'where it is beyond the tolerance');
  t.match(targetOf({ layers: [layer(0, 2, { mismatched: 5, maxAbsDiff: 1, step: 0 }, 6)], tolerances: [tolerance([0], 2)] }), { own: false, forgiven: 2, step: 6 }, 'only with what came in');
  t.match(targetOf({ layers: [layer(0, 5, { mismatched: 5, maxAbsDiff: 1, step: 3 }, 6)], tolerances: [tolerance([0], 2, { elements: 4 })] }), { own: true, forgiven: 0, step: 3 }, 'too many of them');
  t.match(targetOf({ layers: [layer(0, 5, null)] }), { own: false, forgiven: 0, step: 9 }, 'own error is not known');
});

t.test('a metric alone is refused, whatever else fails is not', async (t) => {
  const outputs = [{ name: 'torque', metrics: [{ name: 'rmse', passed: false }] }];
  const said = 'output torque: rmse is 9 N m, limit 8 N m';
  t.throws(() => targetOf({ outputs, reasons: [said] }), { kind: 'config', code: 'shrink.metric' });
  t.match(targetOf({ outputs, reasons: ['nondeterministic', said] }), { kind: 'other', what: 'nondeterministic' });
});
