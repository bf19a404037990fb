import t from 'tap';
import { parseModel } from '../../model/index.ts';
import { writeModel, type ModelDescription, type TensorDescription } from '../../model/writer/index.ts';
import { compareModels, modelLines, type ModelDiff } from '../index.ts';
import { twoLayers } from '../testing/dumps.ts';

const modelOf = (description: ModelDescription, label = 'm') => ({ label, model: parseModel(writeModel(description)) });
const compare = (a: ModelDescription, b: ModelDescription): ModelDiff => compareModels(modelOf(a, 'A'), modelOf(b, 'B'));
const changed = (name: string, change: Partial<TensorDescription> | ((tensor: TensorDescription) => Partial<TensorDescription>)): ModelDescription => {
  const base = twoLayers();
  return { ...base, tensors: base.tensors.map((tensor) => (tensor.name === name ? { ...tensor, ...(typeof change === 'function' ? change(tensor) : change) } : tensor)) };
};
const found = (diff: ModelDiff): (readonly [number | null, number | null, readonly string[]])[] => diff.layers.map(({ a, b, differences }) => [a, b, differences]);
const plain = (_style: string, text: string): string => text;

t.test('the same model', async (t) => {
  const diff = compare(twoLayers(), twoLayers());
  t.match(diff, { equal: true, identical: true, matched: 2, constants: { compared: 32 + 8 + 24 + 3, differing: 0 }, layers: [], differences: [], notes: [] });
  t.match(modelLines(diff, plain).at(-1), /^EQUAL {2}the same file, 2 operators matched, 67 constants compared$/);
});

t.test('weights, biases, scales, options, in words and counts', async (t) => {
  const weights = changed('w1', ({ data }) => ({ data: (data as number[]).map((value, i) => (i % 9 === 0 ? value + (i === 9 ? 3 : 1) : value)) }));
  t.same(found(compare(twoLayers(), weights)), [[1, 1, ['3 of 24 weights differ, max |d| 3']]]);
  t.same(found(compare(twoLayers(), changed('b0', ({ data }) => ({ data: (data as number[]).with(5, 7) })))).map(([, , words]) => words.length), [1]);
  t.same(found(compare(twoLayers(), changed('y', { quantisation: { scale: 0.3001, zeroPoint: -5 } }))), [[1, 1, ['output scale 0.3 -> 0.3001', 'output zero point -6 -> -5']]]);
  t.same(found(compare(twoLayers(), changed('y', { quantisation: { scale: 0.30000003, zeroPoint: -6 } }))), [[1, 1, ['output scale 0.3 -> 0.30000004']]].map(([a, b]) => [a, b, [`output scale ${Number(Math.fround(0.3).toPrecision(8))} -> ${Number(Math.fround(0.30000003).toPrecision(8))}`]]), 'enough digits to tell them apart');
  const perChannel = changed('w0', { quantisation: { scale: [0.01, 0.01, 0.02, 0.01, 0.01, 0.01, 0.01, 0.01] } });
  t.same(found(compare(twoLayers(), perChannel)), [[0, 0, ['weights: 1 -> 8 scales']]]);
  t.same(found(compare(perChannel, changed('w0', { quantisation: { scale: [0.01, 0.01, 0.03, 0.01, 0.01, 0.05, 0.01, 0.01] } }))), [[0, 0, ['weights scale: 2 of 8 scales differ, first channel 2: 0.02 -> 0.03']]]);
  const base = twoLayers();
  const relu = { ...base, operators: base.operators.map((operator, i) => (i === 0 ? { ...operator, options: { fused_activation_function: 1 } } : operator)) };
  t.same(found(compare(base, relu)), [[0, 0, ['fused_activation_function 0 -> 1']]]);
  t.same(compare(base, changed('x', { quantisation: { scale: 0.06, zeroPoint: -3 } })).differences, ['input 0 scale 0.05 -> 0.06']);
  const noBias = { ...base, operators: base.operators.map((operator, i) => (i === 1 ? { ...operator, inputs: operator.inputs.with(2, -1) } : operator)) };
  t.same(found(compare(base, noBias)), [[1, 1, ['biases: there -> omitted']]]);
});

t.test('layers that were put in or taken out are found where they are', async (t) => {
  const base = twoLayers();
  const more: ModelDescription = {
    ...base, tensors: [...base.tensors, { name: 'middle', dtype: 'int8', shape: [1, 8], quantisation: { scale: 0.07, zeroPoint: 4 } }],
    operators: [base.operators[0]!, { op: 'RELU', inputs: [3], outputs: ['middle'] }, { ...base.operators[1]!, inputs: base.operators[1]!.inputs.with(0, 'middle') }],
  };
  t.same(found(compare(base, more)), [[null, 1, ['only in B']]]);
  t.same(found(compare(more, base)), [[1, null, ['only in A']]]);
  t.match(modelLines(compare(base, more), plain), [/^A/, /^B/, /layer - -> 1 RELU: only in B/, /^DIFFERENT/]);
});

t.test('the same layers, wired otherwise', async (t) => {
  const square = (inputs: readonly [string, string]): ModelDescription => ({
    tensors: ['x', 'y', 'a', 'b', 'c'].map((name) => ({ name, dtype: 'int8', shape: [1, 4], quantisation: { scale: 0.1 } })),
    operators: [{ op: 'RELU', inputs: ['x'], outputs: ['a'] }, { op: 'RELU', inputs: ['y'], outputs: ['b'] }, { op: 'ADD', inputs: [...inputs], outputs: ['c'] }],
    inputs: ['x', 'y'], outputs: ['c'],
  });
  t.same(found(compare(square(['a', 'b']), square(['a', 'a']))), [[2, 2, ['reads the output of another layer']]]);
  t.equal(compare(square(['a', 'b']), square(['a', 'b'])).equal, true);
  t.same(compare(square(['a', 'b']), { ...square(['a', 'b']), outputs: ['a'] }).differences, ['output 0 comes from another layer']);
  t.same(compare(square(['a', 'b']), { ...square(['a', 'b']), outputs: ['c', 'a'] }).differences, ['outputs: 1 -> 2']);
});

t.test('what changes no result is a note, and names are escaped', async (t) => {
  const diff = compare(twoLayers(), { ...changed('y', { name: '\u001b[2J::error::y' }), outputs: [6], operators: twoLayers().operators.map((operator, i) => (i === 1 ? { ...operator, outputs: [6] } : operator)), description: '##[command]x' });
  t.match(diff, { equal: true, identical: false, notes: ['1 outputs have other names', 'the descriptions differ'] });
  t.equal(modelLines({ ...diff, notes: ['\u001b[2J'] }, plain).some((line) => line.includes('\u001b')), false);
  t.match(modelLines(diff, plain).at(-1), /not the same byte for byte/);
});

t.test('two models without an operator are not equal, they are nothing', async (t) => {
  const empty: ModelDescription = { tensors: [{ name: 'x', dtype: 'int8', shape: [1] }], operators: [], inputs: ['x'], outputs: ['x'] };
  t.throws(() => compare(empty, empty), { code: 'diff.nothing' });
  t.equal(compare(empty, twoLayers()).equal, false);
});
