import t from 'tap';
import { parseModel } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import type { ModelDescription, TensorDescription } from '../../../model/writer/index.ts';
import { prepareReference } from '../../index.ts';

type Change = (model: ModelDescription) => ModelDescription;

const filled = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 7) - 3);
const quantised = (name: string, shape: readonly number[], dtype: 'int8' | 'int16' = 'int8'): TensorDescription => ({ name, dtype, shape, quantisation: { scale: 0.1 } });

const conv: ModelDescription = {
  tensors: [
    quantised('x', [1, 4, 4, 4]), { ...quantised('w', [6, 3, 3, 4]), data: filled(216) },
    { name: 'b', dtype: 'int32', shape: [6], data: filled(6) }, quantised('y', [1, 4, 4, 6]),
  ],
  operators: [{ op: 'CONV_2D', inputs: ['x', 'w', 'b'], outputs: ['y'], options: { stride_h: 1, stride_w: 1 } }],
  inputs: ['x'], outputs: ['y'],
};
const depthwise: ModelDescription = {
  ...conv,
  tensors: [quantised('x', [1, 4, 4, 4]), { ...quantised('w', [1, 3, 3, 4]), data: filled(36) }, { name: 'b', dtype: 'int32', shape: [4], data: filled(4) }, quantised('y', [1, 4, 4, 4])],
  operators: [{ op: 'DEPTHWISE_CONV_2D', inputs: ['x', 'w', 'b'], outputs: ['y'], options: { stride_h: 1, stride_w: 1, depth_multiplier: 1 } }],
};
const transpose: ModelDescription = {
  ...conv,
  tensors: [{ name: 'shape', dtype: 'int32', shape: [4], data: [1, 4, 4, 2] }, quantised('x', [1, 2, 2, 3]), { ...quantised('w', [2, 3, 3, 3]), data: filled(54) }, quantised('y', [1, 4, 4, 2])],
  operators: [{ op: 'TRANSPOSE_CONV', inputs: ['shape', 'w', 'x'], outputs: ['y'], options: { stride_h: 2, stride_w: 2 } }],
};
const matmul: ModelDescription = {
  tensors: [quantised('a', [2, 3, 4]), quantised('b', [2, 4, 5]), quantised('y', [2, 3, 5])],
  operators: [{ op: 'BATCH_MATMUL', inputs: ['a', 'b'], outputs: ['y'] }],
  inputs: ['a', 'b'], outputs: ['y'],
};

const tensor = (name: string, change: Partial<TensorDescription>): Change => (model) => ({ ...model, tensors: model.tensors.map((entry) => (entry.name === name ? { ...entry, ...change } : entry)) });
const options = (values: Record<string, number | boolean>): Change => (model) => ({ ...model, operators: model.operators.map((operator) => ({ ...operator, options: { ...operator.options, ...values } })) });
const wide: Change = (model) => ({ ...model, tensors: model.tensors.map((entry) => (['x', 'y', 'a'].includes(entry.name) ? { ...entry, dtype: 'int16' as const } : entry)) });
const both = (first: Change, second: Change): Change => (model) => second(first(model));
const prepare = (model: ModelDescription): unknown => prepareReference(parseModel(writeModel(model)));

const REFUSED: readonly (readonly [ModelDescription, Change, RegExp])[] = [
  [conv, tensor('y', { shape: [1, 4, 3, 6] }), /output \[1,4,3,6\], not \[1,4,4,6\]/],
  [conv, tensor('y', { shape: [1, 4, 4, 5] }), /output has 5 channels, the weights 6/],
  [conv, tensor('w', { shape: [6, 3, 3, 3], data: filled(162) }), /4 input channels, groups of 3/],
  [conv, both(tensor('w', { shape: [6, 3, 3, 1], data: filled(54) }), tensor('y', { shape: [1, 4, 4, 6] })), /6 output channels in 4 groups/],
  [conv, options({ stride_h: 0 }), /not positive/],
  [conv, options({ fused_activation_function: 4 }), /fused activation 4/],
  [conv, tensor('w', { quantisation: { scale: 0.1, zeroPoint: 3 } }), /zero point, which the kernels ignore/],
  [conv, tensor('w', { quantisation: { scale: [1, 2, 3, 4], axis: 3 } }), /quantised along axis 3, not 0/],
  [conv, tensor('b', { shape: [5], data: filled(5) }), /bias has 5 elements, not 6/],
  [conv, tensor('b', { dtype: 'int64' }), /bias is int64, not int32/],
  [conv, (model) => ({ ...model, tensors: model.tensors.map((entry) => (['x', 'y'].includes(entry.name) ? { ...entry, dtype: 'float32' as const } : entry)) }), /float32 input with int8 weights \(hybrid\), which TFLM refuses/],
  [conv, both(wide, tensor('x', { quantisation: { scale: 0.1, zeroPoint: 4 } })), /int16 with a zero point/],
  [conv, both(both(wide, tensor('b', { dtype: 'int64' })), tensor('y', { quantisation: { scale: 1e-5 } })), /beyond 2\^7, which int64 accumulators do not allow/],
  [conv, both(wide, tensor('b', { dtype: 'int64', data: [2 ** 46, 0, 0, 0, 0, 0] })), /a bias is beyond 46 bits/],
  [conv, both(wide, tensor('w', { dtype: 'int4', data: new Uint8Array(108) })), /int16 with int4 weights, which TFLM refuses/],
  [depthwise, wide, /bias is int32, not int64/],
  [depthwise, options({ depth_multiplier: 2 }), /4 input channels with depth multiplier 2 are not 4/],
  [depthwise, tensor('w', { quantisation: { scale: [1, 2, 3, 4], axis: 3 }, shape: [2, 3, 3, 4], data: filled(72) }), /are not \[1, height, width, channels\]/],
  [transpose, tensor('shape', { data: [1, 4, 5, 2] }), /is not the stated shape/],
  [transpose, options({ stride_h: 4 }), /input \[1,2,2,3\], not \[1, 1, 2/],
  [transpose, tensor('w', { dtype: 'int4', data: new Uint8Array(27) }), /int4, which the kernels lack/],
  [matmul, options({ adj_x: true }), /sums of 3 and 4 products/],
  [matmul, tensor('b', { shape: [3, 4, 5] }), /axes of 2 and 3 do not broadcast/],
  [matmul, tensor('y', { shape: [2, 5, 3] }), /output \[2,5,3\], not \[2,3,5\]/],
  [matmul, tensor('b', { dtype: 'int16' }), /int8 x int16 -> int8/],
];

t.test('what cannot be computed as TFLM does is refused with the reason', async (t) => {
  for (const model of [conv, depthwise, transpose, matmul]) t.doesNotThrow(() => prepare(model), `${String(model.operators[0]!.op)} itself is not`);
  for (const [model, change, reason] of REFUSED) t.throws(() => prepare(change(model)), { kind: 'config', code: 'reference.unsupported', message: reason }, String(reason));
});
