import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { parseModel } from '../../model/index.ts';
import type { Model } from '../../model/index.ts';
import { writeModel } from '../../model/writer/index.ts';
import type { ModelDescription } from '../../model/writer/index.ts';
import { windowAxis } from '../../numerics/index.ts';
import { lstmModel } from '../fixtures/lstm-model.ts';
import { seededIntegers } from '../fixtures/random.ts';
import { prepareReference } from '../index.ts';
import type { TensorData } from '../runner.ts';
import { assemble, BINARY } from './assemble.ts';
import { Engine } from './engine.ts';

const assembled = await assemble();

t.test('kernels.wasm is kernels.wat', async (t) => {
  t.ok(Buffer.from(assembled).equals(readFileSync(BINARY)), 'run node harness/reference/fast/assemble.ts');
  t.ok(Engine.available, 'this host has what it needs');
});

/** Runs both paths on the same inputs and compares every tensor. @returns elements compared */
function samePaths(model: Model, seed: number, invocations = 2): number {
  const [fast, plain] = [prepareReference(model, 'tflm', 'fast'), prepareReference(model, 'tflm', 'plain')];
  const next = seededIntegers(seed);
  let compared = 0;
  for (let k = 0; k < invocations; k++) {
    for (const index of fast.graph.inputs) {
      const codes = fast.tensors[index] as Int8Array;
      for (let i = 0; i < codes.length; i++) codes[i] = next(0, 9) === 0 ? next(0, 1) * 255 - 128 : next(-128, 127);
      (plain.tensors[index] as Int8Array).set(codes);
    }
    fast.invoke();
    plain.invoke();
    fast.tensors.forEach((tensor, index) => {
      const expected = plain.tensors[index] as TensorData;
      compared += tensor.length;
      const at = [...tensor].findIndex((value, i) => !Object.is(value, expected[i]));
      if (at >= 0) throw new Error(`tensor ${index}, element ${at}: ${tensor[at]}, plain ${expected[at]}`);
    });
  }
  return compared;
}

interface Layer {
  readonly op: 'CONV_2D' | 'DEPTHWISE_CONV_2D' | 'FULLY_CONNECTED';
  readonly batches: number;
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: number;
  readonly groups: number;
  readonly depth: number;
  readonly channels: number;
  readonly activation: number;
  readonly zeroPoints: readonly [number, number];
  /** log2 of the factor. */
  readonly shift: number;
  readonly bias: boolean;
  readonly seed: number;
}

const between = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const pair = (max: number): fc.Arbitrary<[number, number]> => fc.tuple(between(1, max), between(1, max));
const layers: fc.Arbitrary<Layer> = fc.record({
  op: fc.constantFrom('CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'), batches: between(1, 3), size: pair(8), kernel: pair(5), stride: pair(3), dilation: pair(3), padding: between(0, 1),
  groups: between(1, 4), depth: between(1, 19), channels: between(1, 9), activation: between(0, 3), zeroPoints: fc.tuple(between(-128, 127), between(-128, 127)),
  shift: between(-16, 3), bias: fc.boolean(), seed: between(1, 2 ** 30),
});

function describe(layer: Layer): ModelDescription | null {
  const { op, batches, padding } = layer;
  const next = seededIntegers(layer.seed);
  const codes = (n: number): number[] => Array.from({ length: n }, () => next(-128, 127));
  const groups = op === 'CONV_2D' ? layer.groups : 1;
  const depth = layer.depth * groups;
  const channels = op === 'DEPTHWISE_CONV_2D' ? layer.depth * Math.min(layer.channels, 4) : layer.channels * groups;
  const [height, width] = [0, 1].map((axis) => windowAxis(padding, layer.size[axis]!, layer.kernel[axis]!, layer.stride[axis]!, layer.dilation[axis]!).outputSize) as [number, number];
  if (op !== 'FULLY_CONNECTED' && height * width === 0) return null;
  const [input, weights, output] = op === 'FULLY_CONNECTED'
    ? [[batches, depth], [channels, depth], [batches, channels]]
    : [[batches, ...layer.size, depth], op === 'CONV_2D' ? [channels, ...layer.kernel, layer.depth] : [1, ...layer.kernel, channels], [batches, height, width, channels]];
  const scale = Array.from({ length: channels }, () => 2 ** layer.shift * (next(512, 1023) / 1024));
  return {
    tensors: [
      { name: 'x', dtype: 'int8', shape: input, quantisation: { scale: 1, zeroPoint: layer.zeroPoints[0] } },
      { name: 'w', dtype: 'int8', shape: weights, quantisation: { scale, axis: op === 'DEPTHWISE_CONV_2D' ? 3 : 0 }, data: codes(weights.reduce((a, b) => a * b, 1)) },
      { name: 'b', dtype: 'int32', shape: [channels], data: Array.from({ length: channels }, () => next(-(2 ** 17), 2 ** 17)) },
      { name: 'y', dtype: 'int8', shape: output, quantisation: { scale: 1, zeroPoint: layer.zeroPoints[1] } },
    ],
    operators: [{
      op, inputs: ['x', 'w', layer.bias ? 'b' : -1], outputs: ['y'],
      options: {
        fused_activation_function: layer.activation,
        ...(op === 'FULLY_CONNECTED' ? {} : { padding, stride_h: layer.stride[0], stride_w: layer.stride[1], dilation_h_factor: layer.dilation[0], dilation_w_factor: layer.dilation[1] }),
        ...(op === 'DEPTHWISE_CONV_2D' ? { depth_multiplier: channels / depth } : {}),
      },
    }],
    inputs: ['x'], outputs: ['y'],
  };
}

t.test('random layers: equal to the plain path', async (t) => {
  let compared = 0;
  fc.assert(fc.property(layers, (layer) => {
    const description = describe(layer);
    if (description !== null) compared += samePaths(parseModel(writeModel(description)), layer.seed);
  }), { numRuns: 1500, seed: 9 });
  t.ok(compared > 100_000, `${compared} elements`);
});

t.test('LSTMs: equal to the plain path', async (t) => {
  let compared = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const next = seededIntegers(seed);
    const shape = { units: next(1, 21), depth: next(1, 21), steps: next(1, 5), batches: next(1, 3), timeMajor: next(0, 1) === 1, seed };
    compared += samePaths(parseModel(writeModel(lstmModel(shape))), seed, 4);
  }
  t.ok(compared > 10_000, `${compared} elements`);
});

const shared = process.env.HIL_SHARED ?? new URL('../../../../shared', import.meta.url).pathname;
for (const name of ['hello_world_int8', 'trained_lstm_int8', 'ad01_int8', 'kws_ref_model', 'pretrainedResnet_quant', 'vww_96_int8']) {
  const path = `${shared}/models/${name}.tflite`;
  t.test(`${name}: equal to the plain path`, { skip: existsSync(path) ? false : `no ${path}; set HIL_SHARED` }, async (t) => {
    const compared = samePaths(parseModel(readFileSync(path)), 7, name === 'hello_world_int8' ? 100 : 4);
    t.ok(compared > 0, `${compared} elements`);
  });
}

t.test('a layer beyond the engine runs on the plain path', async (t) => {
  const dilated: Layer = { op: 'CONV_2D', batches: 1, size: [3, 3], kernel: [2, 2], stride: [1, 1], dilation: [40_000, 40_000], padding: 0, groups: 1, depth: 2, channels: 2, activation: 0, zeroPoints: [3, -4], shift: -8, bias: true, seed: 5 };
  t.ok(samePaths(parseModel(writeModel(describe(dilated)!)), 5) > 0);
});

t.test('the other profiles have the plain path', async (t) => {
  const model = parseModel(writeModel(describe({ op: 'CONV_2D', batches: 1, size: [12, 12], kernel: [1, 2], stride: [1, 1], dilation: [1, 1], padding: 0, groups: 1, depth: 1, channels: 16, activation: 0, zeroPoints: [0, 0], shift: -7, bias: false, seed: 3 })!));
  const run = (profile: string): string => {
    const runner = prepareReference(model, profile);
    const next = seededIntegers(1);
    (runner.tensors[0] as Int8Array).forEach((_, i, codes) => { codes[i] = next(-128, 127); });
    runner.invoke();
    return (runner.tensors[3] as Int8Array).join();
  };
  t.not(run('cmsis-single'), run('tflm'));
});
