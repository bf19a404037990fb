import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { parseModel, type Graph } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { prepareReference } from '../reference/index.ts';
import { cutModel, operatorsBefore } from './cut-model.ts';
import { smallCnn } from './testing/small-cnn.ts';

const { model } = smallCnn();
const graph = model.subgraphs[0] as Graph;
const engine = parseModel(readFileSync(fileURLToPath(new URL('../../suites/engine-rom/model/engine_rom_int8.tflite', import.meta.url))));

t.test('every layer alone computes what it computes in the whole', async (t) => {
  const whole = prepareReference(model, 'tflm');
  (whole.tensors[0] as Int8Array).forEach((_, i, all) => { all[i] = ((i * 29) % 256) - 128; });
  whole.invoke();
  for (const { index, name, outputs } of graph.operators) {
    const cut = cutModel(model, new Set([index]))!;
    const alone = prepareReference(cut.model, 'tflm');
    cut.inputs.forEach((tensor, i) => (alone.tensors[alone.graph.inputs[i]!] as Int8Array).set(whole.tensors[tensor] as Int8Array));
    alone.invoke();
    t.strictSame(alone.tensors[alone.graph.outputs[0]!], whole.tensors[outputs[0]!], name);
    t.strictSame(cut.model.subgraphs[0]!.operators[0]!.options, graph.operators[index]!.options, `${name}: its options`);
  }
});

t.test('state stays state, and is no input', async (t) => {
  const cut = cutModel(engine, new Set([0]))!;
  const [lstm] = cut.model.subgraphs;
  t.equal(lstm!.operators[0]!.name, 'UNIDIRECTIONAL_SEQUENCE_LSTM');
  t.equal(lstm!.tensors.filter(({ isVariable }) => isVariable).length, 2);
  t.strictSame(cut.inputs, engine.subgraphs[0]!.inputs);
});

t.test('what stands before a layer, the nearest first; branches and what is read twice', async (t) => {
  t.strictSame([1, 2, 4, 9].map((most) => [...operatorsBefore(graph, [3], most)].sort()), [[3], [2, 3], [0, 1, 2, 3], [0, 1, 2, 3]]);
  const q = { scale: 0.1, zeroPoint: 0 };
  const branches = parseModel(writeModel({
    tensors: ['x', 'a', 'b', 'sum'].map((name) => ({ name, dtype: 'int8', shape: [1, 4], quantisation: q })),
    operators: [{ op: 'LOGISTIC', inputs: ['x'], outputs: ['a'] }, { op: 'TANH', inputs: ['x'], outputs: ['b'] }, { op: 'ADD', inputs: ['a', 'b'], outputs: ['sum'] }], inputs: ['x'], outputs: ['sum'],
  }));
  const cut = cutModel(branches, new Set([0, 2]))!;
  t.strictSame(cut.inputs.map((tensor) => branches.subgraphs[0]!.tensors[tensor]!.name), ['x', 'b']);
  t.strictSame(cutModel(branches, new Set([0, 1]))!.model.subgraphs[0]!.outputs.length, 2, 'both ends are outputs');
  t.strictSame([...cut.operators], [[0, 0], [2, 1]]);
  t.equal(cutModel(branches, new Set()), null);
});
