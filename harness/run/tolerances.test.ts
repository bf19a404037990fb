import t from 'tap';
import { generateC } from '../codegen/index.ts';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { prepareReference } from '../reference/index.ts';
import type { SuiteTolerance } from '../suite/index.ts';
import { CaseTally } from './case-tally.ts';
import { judgeTolerances, toleranceNotes } from './judge-tolerances.ts';
import { planTolerances } from './plan-tolerances.ts';
import type { PlannedCase, PlannedTolerance } from './planned-case.ts';

const int8 = (name: string) => ({ name, dtype: 'int8' as const, shape: [1, 8], quantisation: { scale: 0.1, zeroPoint: 3 } });
/** Layers 0 RELU a, 1 ADD b, 2 ADD c, 3 DEQUANTIZE f (float32); outputs c and f. */
const model = parseModel(writeModel({
  tensors: [...['x', 'a', 'b', 'c'].map(int8), { name: 'f', dtype: 'float32', shape: [1, 8] }],
  operators: [{ op: 'RELU', inputs: ['x'], outputs: ['a'] }, { op: 'ADD', inputs: ['a', 'x'], outputs: ['b'] }, { op: 'ADD', inputs: ['b', 'a'], outputs: ['c'] }, { op: 'DEQUANTIZE', inputs: ['b'], outputs: ['f'] }],
  inputs: ['x'], outputs: ['c', 'f'],
}));
const graph = model.subgraphs[0]!;
const { manifest } = generateC(model, { name: 'n' });
const given = (tolerance: Partial<SuiteTolerance>): SuiteTolerance => ({ layers: null, operator: null, lsb: null, budget: null, reason: 'why', ...tolerance });
const plan = (...tolerances: Partial<SuiteTolerance>[]): PlannedTolerance[] => planTolerances(tolerances.map(given), manifest, graph, 10);

t.test('which layers and outputs a tolerance is for', async (t) => {
  t.same(manifest.layers.map(({ index, op, name }) => `${index} ${op} ${name}`), ['0 RELU a', '1 ADD b', '2 ADD c', '3 DEQUANTIZE f']);
  t.match(plan({ lsb: 1 }), [{ scope: 'all layers', layers: [0, 1, 2, 3], outputs: [0, 1] }]);
  t.match(plan({ layers: '1', lsb: 1 }), [{ scope: 'layer 1', layers: [1], outputs: [] }]);
  t.match(plan({ layers: '?', operator: 'A*', lsb: 1 }), [{ scope: 'layer ? and operator A*', layers: [1, 2], outputs: [0] }]);
  t.match(plan({ operator: '*QUANT*', budget: { elements: 2 } }), [{ scope: 'operator *QUANT*', layers: [3], outputs: [1] }]);
  t.match(plan({ layers: '2', lsb: 3 }, { operator: 'ADD', lsb: 1 }, { lsb: 2 }), [{ layers: [2] }, { layers: [1] }, { layers: [0, 3] }], 'the first that matches a layer has it');
});

t.test('what no layer is left for, and what accepts anything, is refused', async (t) => {
  const refused = (message: RegExp, ...tolerances: Partial<SuiteTolerance>[]): void => { t.throws(() => plan(...tolerances), { kind: 'config', code: 'suite.tolerance', message }); };
  refused(/tolerance 1 \(layer conv\*\) matches no layer of the model; it has layer 0 RELU "a", layer 1 ADD "b", layer 2 ADD "c", layer 3 DEQUANTIZE "f"/, { layers: 'conv*', lsb: 1 });
  refused(/layer 4\) matches no layer/, { layers: '4', lsb: 1 });
  refused(/tolerance 2 \(operator SOFTMAX\) matches no layer/, { lsb: 1, layers: '0' }, { operator: 'SOFTMAX', lsb: 1 });
  refused(/tolerance 2 \(layer a\) is never used/, { lsb: 1 }, { layers: 'a', lsb: 2 });
  refused(/255 LSB accept every value of tensor a \(int8\)/, { layers: 'a', lsb: 255 });
  refused(/80 elements are all that layer 0 RELU computes in 10 samples/, { layers: 'a', budget: { elements: 80 } });
  t.equal(plan({ layers: 'a', lsb: 254 }, { layers: 'b', budget: { elements: 79 } }).length, 2);
});

/** Differences of each layer's elements, 8 a sample; the outputs show the same. */
function tallyOf(tolerances: readonly PlannedTolerance[], differences: Readonly<Record<number, readonly number[]>>): CaseTally {
  const tally = new CaseTally({ tolerances, metrics: [], sequences: [] } as unknown as PlannedCase, manifest, prepareReference(model));
  const at = { sequence: 's', sample: 0, step: 0 };
  const values = (of: readonly number[], isFloat: boolean): Int8Array | Float32Array => (isFloat ? Float32Array.from({ length: 8 }, (_each, i) => of[i] ?? 0) : Int8Array.from({ length: 8 }, (_each, i) => of[i] ?? 0));
  manifest.layers.forEach((_layer, index) => {
    const [expected, got] = [values([], index === 3), values(differences[index] ?? [], index === 3)];
    for (const counts of [tally.taps[index]!, ...(index === 2 ? [tally.outputs[0]!] : index === 3 ? [tally.outputs[1]!] : [])]) counts.addValues(expected, got, at);
  });
  return tally;
}

/** Elements that count as wrong of layers 0..3 and of both outputs, and the reports. */
function judge(tolerances: readonly PlannedTolerance[], differences: Readonly<Record<number, readonly number[]>>) {
  const tally = tallyOf(tolerances, differences);
  const judged = judgeTolerances({ tolerances }, manifest, tally);
  const layers = tally.taps.map((counts, layer) => counts.differences(judged.forgivesLayer(layer)).mismatched);
  const outputs = tally.outputs.map((counts, output) => counts.differences(judged.forgivesOutput(output)).mismatched);
  return { layers, outputs, reports: judged.reports, notes: toleranceNotes(judged.reports, true) };
}

t.test('LSB: up to itself in every layer of its own', async (t) => {
  const within = judge(plan({ operator: 'ADD', lsb: 2 }), { 1: [1, -2], 2: [2] });
  t.match(within, { layers: [0, 0, 0, 0], outputs: [0, 0], reports: [{ used: { elements: 3, compared: 16, maxAbsDiff: 2 }, needed: true, kept: true }] });
  t.match(within.notes, ['not bit-exact: 3 of 16 elements differ within the tolerance for operator ADD (up to 2 LSB): why']);
  const beyond = judge(plan({ operator: 'ADD', lsb: 2 }), { 1: [1, -3], 2: [2] });
  t.match(beyond, { layers: [0, 1, 0, 0], reports: [{ used: { elements: 3, maxAbsDiff: 3 }, kept: false }] });
  t.match(beyond.notes, [/^tolerance for operator ADD \(up to 2 LSB\) is not kept: 3 of 16 elements differ, by up to 3$/]);
  t.match(judge(plan({ operator: 'ADD', lsb: 2 }), { 0: [1] }), { layers: [1, 0, 0, 0], reports: [{ needed: false, kept: true }] }, 'other layers are exact');
});

t.test('a budget: so many elements in each layer, off by anything', async (t) => {
  const budget = plan({ operator: 'ADD', budget: { elements: 2 } });
  t.match(judge(budget, { 1: [100, 1], 2: [7, 7] }), { layers: [0, 0, 0, 0], outputs: [0, 0], reports: [{ used: { elements: 4, maxAbsDiff: 100 }, kept: true }] });
  const broken = judge(budget, { 1: [100, 1], 2: [7, 7, 7] });
  t.match(broken, { layers: [0, 0, 3, 0], outputs: [3, 0], reports: [{ used: { elements: 5 }, kept: false }] }, 'one too many, and all of that layer count');
  t.match(broken.notes, [/any difference in 2 elements of a layer\) is not kept: 5 of 16/]);
  t.match(judge(plan({ layers: '2', budget: { share: 0.25 } }), { 2: [9, 9] }).layers, [0, 0, 0, 0]);
  t.match(judge(plan({ layers: '2', budget: { share: 0.24 } }), { 2: [9, 9] }), { layers: [0, 0, 2, 0], notes: [/24 % of the elements of a layer/] });
});

t.test('both: so many elements, none further off', async (t) => {
  const both = plan({ layers: '2', lsb: 1, budget: { elements: 2 } });
  t.match(judge(both, { 2: [1, -1] }).layers, [0, 0, 0, 0]);
  t.match(judge(both, { 2: [1, 2] }).layers, [0, 0, 1, 0], 'one is too far off');
  t.match(judge(both, { 2: [1, 1, 1] }).layers, [0, 0, 3, 0], 'one too many');
});

t.test('float32 has no LSB', async (t) => {
  t.match(judge(plan({ lsb: 2 }), { 3: [0.5] }), { layers: [0, 0, 0, 1], outputs: [0, 1] });
  t.match(judge(plan({ layers: 'f', budget: { elements: 1 } }), { 3: [Number.NaN] }), { layers: [0, 0, 0, 0], outputs: [0, 0] });
});

t.test('one that is no longer needed', async (t) => {
  const unneeded = judge(plan({ layers: '2', lsb: 1 }, { layers: 'a', lsb: 1 }), { 0: [1] });
  t.match(unneeded.reports, [{ needed: false, kept: true, used: { elements: 0, compared: 8 } }, { needed: true }]);
  t.equal(unneeded.notes[0], 'tolerance for layer 2 is no longer needed: nothing differs there');
  t.same(toleranceNotes(unneeded.reports.slice(0, 1), false), [], 'nor is that known where the case ended early');
  const nothing = judgeTolerances({ tolerances: plan({ lsb: 1 }) }, manifest, new CaseTally({ tolerances: plan({ lsb: 1 }), metrics: [], sequences: [] } as unknown as PlannedCase, manifest, prepareReference(model)));
  t.match(nothing.reports, [{ needed: true, used: { compared: 0 } }], 'where nothing was compared nothing is superfluous');
});

t.test('values that could not be fetched are never forgiven', async (t) => {
  const tolerances = plan({ lsb: 200 });
  const tally = tallyOf(tolerances, {});
  tally.taps[1]!.addUnknown(8);
  const judged = judgeTolerances({ tolerances }, manifest, tally);
  t.equal(tally.taps[1]!.differences(judged.forgivesLayer(1)).mismatched, 1);
  t.match(judged.reports, [{ kept: false }]);
});
