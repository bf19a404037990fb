import { readFileSync } from 'node:fs';
import t from 'tap';
import { parseModel, type Graph, type Model } from '../../model/index.ts';
import { activationRange, productMultiplier, quantizeMultiplier, requantiseDouble, requantiseWide } from '../../numerics/index.ts';
import { prepareReference, type TensorData } from '../../reference/index.ts';
import { unzip } from '../../suite/zip.ts';
import type { LayerEvidence } from '../evidence.ts';
import { accumulatorsOf } from './accumulator.ts';

const models = [...unzip(readFileSync(new URL('../../../suites/operators/models/products.zip', import.meta.url)))].map(([name, bytes]) => [name, parseModel(bytes)] as const);
const OPERATORS = ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'];

/** Counts the elements of which the accumulator, requantised by hand, is what the reference gives. */
function check(name: string, model: Model): { elements: number; wide: number } {
  const graph = model.subgraphs[0] as Graph;
  const sum = { elements: 0, wide: 0 };
  const runner = prepareReference(model);
  for (const operator of graph.operators) {
    const tensor = operator.outputs[0] as number;
    const output = graph.tensors[tensor]!;
    if (!OPERATORS.includes(operator.name) || (output.dtype !== 'int8' && output.dtype !== 'int16')) continue;
    let state = 1;
    for (const index of operator.inputs) {
      if (index < 0 || graph.tensors[index]!.data !== null) continue;
      const data = runner.tensors[index] as Int8Array;
      for (let i = 0; i < data.length; i++) data[i] = (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) >> 12;
    }
    runner.runOperator(operator.index);
    const evidence: LayerEvidence = { model, profile: 'tflm', layer: { index: 0, op: operator.name, covers: [operator.index] }, tensors: [{ tensor, role: 'output' }], samples: [], clean: [], poison: null };
    const inputs = new Map(operator.inputs.filter((index) => index >= 0).map((index): [number, TensorData] => [index, runner.tensors[index] as TensorData]));
    const sums = accumulatorsOf(evidence, tensor)!;
    const [scale] = graph.tensors[operator.inputs[0]!]!.quantisation!.scale as [number];
    const { scale: [outputScale], zeroPoint: [zeroPoint] } = output.quantisation as unknown as { scale: [number]; zeroPoint: [number] };
    const [low, high] = output.dtype === 'int8' ? [-128, 127] : [-32768, 32767];
    const range = activationRange(Number(operator.options.fused_activation_function), outputScale, zeroPoint, low, high)!;
    const weightScales = graph.tensors[operator.inputs[1]!]!.quantisation!.scale;
    for (let i = 0; i < output.elements; i++) {
      const real = productMultiplier(scale, weightScales[weightScales.length > 1 ? sums.channelOf(i) : 0]!, outputScale, 'double');
      const { multiplier, shift } = quantizeMultiplier(real);
      const accumulator = sums.at({ at: { sequence: '', sample: 0, step: 0 }, inputs, got: new Map(), expected: new Map(), earlier: [], others: new Map() }, i);
      const code = (sums.type === 'int64' ? requantiseWide : requantiseDouble)(accumulator as number, multiplier, shift) + zeroPoint;
      if (Math.min(range.greatest, Math.max(range.least, code)) !== runner.tensors[tensor]![i]) throw new Error(`${name}: element ${i}, accumulator ${accumulator}`);
    }
    sum.elements += output.elements;
    sum.wide += sums.type === 'int64' ? output.elements : 0;
  }
  return sum;
}

for (const kind of ['conv-2d', 'depthwise-conv', 'fully-connected']) {
  t.test(`${kind}: requantised, the accumulators are the reference's outputs`, async (t) => {
    const sums = models.filter(([name]) => name.startsWith(kind)).map(([name, model]) => check(name, model));
    const elements = sums.reduce((sum, each) => sum + each.elements, 0);
    t.ok(elements > 1500, `${elements} elements`);
    t.ok(sums.some(({ wide }) => wide > 0), 'of int64 sums too');
  });
}

t.test('no accumulator elsewhere', async (t) => {
  const at = (name: string): ReturnType<typeof accumulatorsOf> => {
    const [, model] = models.find(([each]) => each.startsWith(name))!;
    const operator = model.subgraphs[0]!.operators.at(-1)!;
    return accumulatorsOf({ model, profile: 'tflm', layer: { index: 0, op: '', covers: [operator.index] }, tensors: [], samples: [], clean: [], poison: null }, operator.outputs[0]!);
  };
  t.equal(at('transpose-conv'), null);
  t.equal(at('batch-matmul'), null);
  t.equal(at('fully-connected-float'), null);
});
