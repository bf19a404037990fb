import t from 'tap';
import { parseModel } from '../../../model/index.ts';
import type { DType } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import { generateC } from '../../../codegen/index.ts';
import { prepareReference } from '../../index.ts';

type Side = readonly [dtype: DType, scale?: number, zeroPoint?: number];

const tensor = (name: string, [dtype, scale, zeroPoint]: Side) => ({ name, dtype, shape: [1, 4], ...(scale === undefined ? {} : { quantisation: { scale, zeroPoint: zeroPoint ?? 0 } }) });
const modelOf = (op: string, from: Side, to: Side, options: Record<string, number> = {}) => parseModel(writeModel({
  tensors: [tensor('x', from), tensor('y', to)], operators: [{ op, inputs: ['x'], outputs: ['y'], options }], inputs: ['x'], outputs: ['y'],
}));

t.test('forms that TFLM refuses are refused on both sides, with the reason', async (t) => {
  const cases: readonly (readonly [string, Side, Side, RegExp])[] = [
    ['LOGISTIC', ['int8', 0.1], ['int8', 1 / 256, 0], /zero point 0, not -128/],
    ['LOGISTIC', ['int16', 0.1, 1], ['int16', 2 ** -15], /a zero point is not 0/],
    ['TANH', ['int16', 0.1], ['int16', 2 ** -14], /not 2\^-15/],
    ['TANH', ['int16', 20], ['int16', 2 ** -15], /outside/],
    ['TANH', ['int32', 0.1], ['int32', 0.1], /int32/],
    ['ELU', ['int16', 0.1], ['int16', 0.1], /int16/],
    ['HARD_SWISH', ['int8', 1], ['int8', 0.001], /more than 128 times/],
    ['RELU', ['int8', 0.1], ['int16', 0.1], /input is int8, output int16/],
    ['RELU', ['int16', 0.1, 3], ['int16', 0.1], /a zero point is not 0/],
    ['RELU_N1_TO_1', ['int16', 0.1], ['int16', 0.1], /int16/],
    ['RELU_0_TO_1', ['int8', 1e-10], ['int8', 1e-10], /code of 1 is outside int32/],
    ['NEG', ['int8', 0.1], ['int8', 0.1], /int8/],
    ['ABS', ['int8'], ['int8', 0.1], /input/],
    ['LOG_SOFTMAX', ['int8', 0.1], ['int8', 0.1, 127], /not 1\/16 and 127/],
    ['SOFTMAX', ['int16', 0.1], ['int16', 2 ** -14], /output has scale/],
    ['SOFTMAX', ['int16', 0.1], ['int8', 1 / 256, -128], /int16 to int8/],
  ];
  for (const [op, from, to, reason] of cases) {
    const options = op === 'SOFTMAX' ? { beta: 1 } : {};
    t.throws(() => prepareReference(modelOf(op, from, to, options)), { message: reason }, `${op} on the host`);
    t.throws(() => generateC(modelOf(op, from, to, options), { name: 'n' }), { message: reason }, `${op} in C`);
  }
  t.throws(() => prepareReference(modelOf('GELU', ['float32'], ['float32'])), { message: /no reference/ }, 'an operator that TFLM does not have');
});

t.test('RSQRT of a negative value ends the inference, as in TFLM', async (t) => {
  const runner = prepareReference(modelOf('RSQRT', ['int8', 0.1, 0], ['int8', 0.1, 0]));
  const [x] = runner.tensors as [Int8Array];
  x.set([4, 0, -1, 3]);
  t.throws(() => runner.invoke(), { code: 'reference.domain', message: /code -1 of element 2/ });
  x.set([4, 0, 1, 3]);
  t.doesNotThrow(() => runner.invoke());
});

t.test('LEAKY_RELU has its factors in double since October 2026, in float32 before', async (t) => {
  // The case leaky-relu-int16-factors-0 shows that TFLM is on the side of 'tflm'.
  const model = modelOf('LEAKY_RELU', ['int16', 0.000633842428214848], ['int16', 0.0008582872105762362], { alpha: 0.24483317136764526 });
  const [now, before] = ['tflm', 'tflm-2026-08'].map((profile) => {
    const runner = prepareReference(model, profile);
    (runner.tensors[0] as Int16Array).set([-13945, 15887, 0, 1]);
    runner.invoke();
    return [...(runner.tensors[1] as Int16Array)];
  }) as [number[], number[]];
  t.same(now.map((code, i) => code - (before[i] as number)).map(Math.abs), [1, 1, 0, 0]);
});

t.test('equal tables of codes are one constant, and codes that stay are no table', async (t) => {
  const two = parseModel(writeModel({
    tensors: [tensor('x', ['int8', 0.1]), tensor('a', ['int8', 1 / 128]), tensor('b', ['int8', 1 / 128]), tensor('c', ['int8', 1 / 128])],
    operators: [
      { op: 'TANH', inputs: ['x'], outputs: ['a'] }, { op: 'TANH', inputs: ['x'], outputs: ['b'] }, { op: 'RELU', inputs: ['b'], outputs: ['c'] },
    ],
    inputs: ['x'], outputs: ['a', 'c'],
  }));
  const { files, manifest } = generateC(two, { name: 'n' });
  t.equal(manifest.memory.constantBytes, 256);
  t.match(files.get('n.c'), /nn_run_clamp8\(0, 127, 4,/);
});
