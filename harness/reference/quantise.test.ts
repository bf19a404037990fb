import fc from 'fast-check';
import t from 'tap';
import type { Tensor } from '../model/index.ts';
import { dequantise, quantiseFloats } from './index.ts';

const tensor = (change: Partial<Tensor>): Tensor => ({
  index: 4, name: 'in', dtype: 'int8', shape: [2], elements: 2, quantisation: { scale: [0.5], zeroPoint: [3], axis: 0 }, data: null, isVariable: false, ...change,
});

t.test('ties go away from zero, then the zero point, then the clamp', async (t) => {
  t.same([...(quantiseFloats([0.25, -0.25, 0.74, -0.75, 1e9, -1e9], tensor({})) as Int8Array)], [4, 2, 4, 1, 127, -128]);
  t.same([...(quantiseFloats([1, -1], tensor({ dtype: 'int16', quantisation: { scale: [2 ** -12], zeroPoint: [0], axis: 0 } })) as Int16Array)], [4096, -4096]);
  t.same([...(quantiseFloats([0.1], tensor({ dtype: 'float32', quantisation: null })) as Float32Array)], [Math.fround(0.1)]);
});

t.test('codes survive the way there and back', async () => {
  const scale = fc.double({ min: 1e-4, max: 100, noNaN: true }).map(Math.fround);
  fc.assert(fc.property(fc.int8Array({ minLength: 1 }), scale, fc.integer({ min: -128, max: 127 }), (codes, s, z) => {
    const like = tensor({ quantisation: { scale: [s], zeroPoint: [z], axis: 0 } });
    return quantiseFloats(dequantise(codes, like), like).join() === codes.join();
  }), { seed: 2 });
});

t.test('what has no code is an error that names it', async (t) => {
  t.throws(() => quantiseFloats([1, Number.NaN], tensor({})), { kind: 'config', code: 'input.not-finite', message: /value 1 .* is NaN/, facts: { index: 1 } });
  t.throws(() => quantiseFloats([Infinity], tensor({})), { code: 'input.not-finite', message: /value 0/ });
  t.throws(() => quantiseFloats([1], tensor({ quantisation: null })), { kind: 'config', code: 'input.not-quantised' });
  t.throws(() => quantiseFloats([1], tensor({ dtype: 'int64' })), { kind: 'config', code: 'input.not-quantised' });
  t.throws(() => dequantise(new Int8Array(1), tensor({ quantisation: { scale: [1, 2], zeroPoint: [0, 0], axis: 0 } })), { code: 'input.not-quantised' });
});
