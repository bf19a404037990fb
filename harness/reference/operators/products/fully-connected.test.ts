import fc from 'fast-check';
import t from 'tap';
import { parseModel } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import type { ModelDescription } from '../../../model/writer/index.ts';
import { quantizeMultiplier } from '../../../numerics/index.ts';
import { prepareReference } from '../../index.ts';

interface Layer {
  readonly batches: number;
  readonly rows: number;
  readonly depth: number;
  readonly perChannel: boolean;
  readonly activation: number;
  readonly zeroPoints: readonly [input: number, weights: number, output: number];
  readonly scales: readonly [input: number, weights: number, output: number];
  readonly bias: boolean;
  readonly codes: Int8Array;
}

const code = fc.integer({ min: -128, max: 127 });
const layer: fc.Arbitrary<Layer> = fc.record({
  batches: fc.integer({ min: 1, max: 3 }), rows: fc.integer({ min: 1, max: 7 }), depth: fc.integer({ min: 1, max: 9 }),
  perChannel: fc.boolean(), activation: fc.integer({ min: 0, max: 3 }), bias: fc.boolean(),
  zeroPoints: fc.tuple(code, fc.oneof(fc.constant(0), fc.integer({ min: -20, max: 20 })), code),
  scales: fc.tuple(fc.double({ min: 0.001, max: 0.5, noNaN: true }), fc.double({ min: 0.001, max: 0.1, noNaN: true }), fc.double({ min: 0.01, max: 2, noNaN: true })),
  codes: fc.int8Array({ minLength: 90, maxLength: 90 }),
  // The kernels ignore a zero point of weights with a scale a channel, so that such weights are refused.
}).map((l) => (l.perChannel ? { ...l, zeroPoints: [l.zeroPoints[0], 0, l.zeroPoints[2]] as const } : l));

function describe({ batches, rows, depth, perChannel, activation, zeroPoints, scales, bias, codes }: Layer): ModelDescription {
  const weightScales = Array.from({ length: rows }, (_, row) => scales[1] * (1 + row / 7));
  return {
    tensors: [
      { name: 'x', dtype: 'int8', shape: [batches, depth], quantisation: { scale: scales[0], zeroPoint: zeroPoints[0] } },
      { name: 'w', dtype: 'int8', shape: [rows, depth], quantisation: { scale: perChannel ? weightScales : scales[1], zeroPoint: zeroPoints[1] }, data: [...codes.subarray(27, 27 + rows * depth)] },
      { name: 'b', dtype: 'int32', shape: [rows], data: Array.from({ length: rows }, (_, row) => (codes[row] as number) * 97) },
      { name: 'y', dtype: 'int8', shape: [batches, rows], quantisation: { scale: scales[2], zeroPoint: zeroPoints[2] } },
    ],
    operators: [{ op: 'FULLY_CONNECTED', inputs: ['x', 'w', bias ? 'b' : -1], outputs: ['y'], options: { fused_activation_function: activation } }],
    inputs: ['x'], outputs: ['y'],
  };
}

/** The rule as it is written down, in exact integers: no folding, no typed arrays, no shared code but the multiplier's. */
function defined(l: Layer): number[] {
  const [si, sw, so] = l.scales.map(Math.fround) as [number, number, number];
  const divide = (x: bigint, n: bigint): bigint => (x >= 0n ? (x + (1n << n >> 1n)) >> n : -((-x + (1n << n >> 1n)) >> n));
  const atLeast = (value: number): number => l.zeroPoints[2] + Math.round(Math.fround(value / so) * (value < 0 ? -1 : 1)) * (value < 0 ? -1 : 1);
  const bounds = [[-128, 127], [atLeast(0), 127], [atLeast(-1), atLeast(1)], [atLeast(0), atLeast(6)]][l.activation] as [number, number];
  const results: number[] = [];
  for (let batch = 0; batch < l.batches; batch++) {
    for (let row = 0; row < l.rows; row++) {
      let acc = l.bias ? BigInt((l.codes[row] as number) * 97) : 0n;
      for (let i = 0; i < l.depth; i++) {
        acc += BigInt((l.codes[27 + row * l.depth + i] as number) - l.zeroPoints[1]) * BigInt((l.codes[batch * l.depth + i] as number) - l.zeroPoints[0]);
      }
      const scale = l.perChannel ? Math.fround(l.scales[1] * (1 + row / 7)) : sw;
      const { multiplier, shift } = quantizeMultiplier((si * scale) / so);
      const left = acc << BigInt(Math.max(shift, 0));
      const high = (left * BigInt(multiplier) + (1n << 30n)) >> 31n;
      const value = Number(divide(high, BigInt(Math.max(-shift, 0)))) + l.zeroPoints[2];
      results.push(Math.min(Math.max(value, Math.max(-128, bounds[0])), Math.min(127, bounds[1])));
    }
  }
  return results;
}

t.test('equals its definition for every shape, activation, zero point and scale', async (t) => {
  let elements = 0;
  fc.assert(fc.property(layer, (l) => {
    const runner = prepareReference(parseModel(writeModel(describe(l))));
    runner.tensors[0]!.set(l.codes.subarray(0, l.batches * l.depth) as never);
    runner.invoke();
    const got = [...(runner.tensors[3] as Int8Array)];
    const expected = defined(l);
    elements += got.length;
    const at = got.findIndex((value, i) => value !== expected[i]);
    if (at >= 0) throw new Error(`element ${at}: ${got[at]}, expected ${expected[at]}`);
  }), { numRuns: 3000, seed: 5 });
  t.comment(`${elements} elements`);
  t.ok(elements > 10_000);
});

t.test('what it does not run is refused with a reason', async (t) => {
  const base: Layer = { batches: 1, rows: 2, depth: 3, perChannel: false, activation: 0, zeroPoints: [0, 0, 0], scales: [0.1, 0.1, 0.1], bias: true, codes: new Int8Array(90) };
  const refused = (change: (model: ModelDescription) => ModelDescription, reason: RegExp): void => {
    t.throws(() => prepareReference(parseModel(writeModel(change(describe(base))))), { kind: 'config', code: 'reference.unsupported', message: reason, facts: { operator: 0, op: 'FULLY_CONNECTED' } });
  };
  const tensor = (name: string, change: object) => (model: ModelDescription) => ({ ...model, tensors: model.tensors.map((entry) => (entry.name === name ? { ...entry, ...change } : entry)) });
  const options = (values: Record<string, number>) => (model: ModelDescription) => ({ ...model, operators: [{ ...model.operators[0]!, options: values }] });
  refused(options({ fused_activation_function: 4 }), /fused activation 4/);
  refused(options({ weights_format: 1 }), /shuffled weights/);
  refused(tensor('x', { dtype: 'int16', quantisation: { scale: 1 } }), /input is int16, output int8/);
  refused(tensor('w', { dtype: 'int16' }), /weights are int16, not int8/);
  refused(tensor('b', { dtype: 'int64' }), /bias is int64, not int32/);
  refused(tensor('w', { quantisation: { scale: [1, 1], zeroPoint: 3 } }), /zero point, which the kernels ignore/);
  refused(tensor('x', { shape: [1, 4] }), /input of 4 elements, rows of 3/);
  refused(tensor('y', { shape: [2, 1] }), /does not end in 2 channels/);
  refused(tensor('y', { quantisation: undefined }), /output has 0 scales/);
  refused(tensor('y', { quantisation: { scale: 1e-30 } }), /is beyond 2\^30/);
});
