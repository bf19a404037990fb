import t from 'tap';
import { parseModel } from '../../../model/index.ts';
import type { DType } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import { generateC } from '../../../codegen/index.ts';
import { buildDriver, runDriver, writeFolder } from '../../../codegen/testing/native.ts';
import { prepareReference } from '../../index.ts';

interface Side { readonly dtype: DType; readonly scale?: number; readonly zeroPoint?: number }

const tensor = (name: string, { dtype, scale, zeroPoint }: Side, elements: number) =>
  ({ name, dtype, shape: [elements], ...(scale === undefined ? {} : { quantisation: { scale, zeroPoint: zeroPoint ?? 0 } }) });

const modelOf = (op: string, from: Side, to: Side, elements: number) => parseModel(writeModel({
  tensors: [tensor('x', from, elements), tensor('y', to, elements)], operators: [{ op, inputs: ['x'], outputs: ['y'] }], inputs: ['x'], outputs: ['y'],
}));

/** Quotients for which TFLM's C++ has no defined result. */
const VALUES = [1e12, -1e12, 3e38, -3e38, Infinity, -Infinity, Number.NaN, 2 ** 31, -(2 ** 31), 2147483520];
const model = modelOf('QUANTIZE', { dtype: 'float32' }, { dtype: 'int8', scale: 0.5, zeroPoint: -5 }, VALUES.length);
const network = generateC(model, { name: 'ends' });
const folder = await writeFolder(network.files);
const program = await buildDriver(folder.path, network.manifest, ['-std=c99', '-O1', '-fsanitize=undefined', '-fno-sanitize-recover=all'], 'test');
const [run] = await runDriver(program, 'plain', new Uint8Array(Float32Array.from(VALUES).buffer), network.manifest, 0);
await folder.remove();

t.test('QUANTIZE beyond int32 saturates, NaN becomes the zero point, in C too', async (t) => {
  const runner = prepareReference(model);
  (runner.tensors[0] as Float32Array).set(VALUES);
  runner.invoke();
  const expected = [127, -128, 127, -128, 127, -128, -5, 127, -128, 127];
  t.same([...(runner.tensors[1] as Int8Array)], expected);
  t.same([...new Int8Array(Uint8Array.from(run?.outputs[0] ?? []).buffer)], expected);
});

t.test('pairs that TFLM refuses are refused on both sides', async (t) => {
  const int8: Side = { dtype: 'int8', scale: 0.1 };
  const cases: readonly (readonly [string, Side, Side, RegExp])[] = [
    ['QUANTIZE', { dtype: 'float32' }, { dtype: 'int32', scale: 0.1 }, /float32 to int32/],
    ['QUANTIZE', { dtype: 'int16', scale: 0.1 }, { dtype: 'uint8', scale: 0.1 }, /int16 to uint8/],
    ['QUANTIZE', int8, { dtype: 'int8' }, /output/],
    ['DEQUANTIZE', { dtype: 'int32', scale: 0.1 }, { dtype: 'float32' }, /int32/],
    ['CAST', { dtype: 'int64' }, { dtype: 'int32' }, /int64/],
    ['CAST', int8, { dtype: 'uint8' }, /uint8/],
  ];
  for (const [op, from, to, reason] of cases) {
    t.throws(() => prepareReference(modelOf(op, from, to, 3)), { message: reason }, `${op} ${from.dtype} to ${to.dtype} on the host`);
    t.throws(() => generateC(modelOf(op, from, to, 3), { name: 'n' }), { message: reason }, `${op} ${from.dtype} to ${to.dtype} in C`);
  }
});
