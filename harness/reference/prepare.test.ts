import t from 'tap';
import { HilError } from '../errors.ts';
import { parseModel } from '../model/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { writeModel } from '../model/writer/index.ts';
import type { ModelDescription } from '../model/writer/index.ts';
import { prepareReference, supportedOperators, unsupportedIn } from './index.ts';

const parse = (description: ModelDescription) => parseModel(writeModel(description));
const small = parse(smallModel());

t.test('a graph runs, and one operator of it', async (t) => {
  const runner = prepareReference(small);
  t.same(new Set(runner.tensors[3] as Int8Array), new Set([-86]), 'poison before anything ran');
  runner.tensors[0]!.set([10, -20, 30, -40] as never);
  runner.invoke();
  const after = runner.tensors.map((data) => [...(data as Int8Array)]);
  t.same(after[5], after[3], 'RESHAPE copies');
  t.not(after[6]!.join(), '-86,-86,-86');
  runner.tensors[5]!.fill(0 as never);
  runner.runOperator(2);
  t.same([...(runner.tensors[6] as Int8Array)], [-43, -43, -43], 'softmax of what its input holds now');
  t.same([...(runner.tensors[3] as Int8Array)], after[3], 'nothing else ran');
  t.throws(() => runner.runOperator(3), RangeError);
  runner.invoke();
  t.same(runner.tensors.map((data) => [...(data as Int8Array)]), after, 'the same input gives the same tensors');
});

t.test('every output element is written, whatever was there', async (t) => {
  const outputs = [0x55, 0xaa].map((poison) => {
    const runner = prepareReference(small);
    runner.tensors[0]!.set([1, 2, 3, 4] as never);
    for (const index of [3, 5, 6]) runner.tensors[index]!.fill(((poison << 24) >> 24) as never);
    runner.invoke();
    return [3, 5, 6].map((index) => [...(runner.tensors[index] as Int8Array)]);
  });
  t.same(outputs[0], outputs[1]);
});

t.test('two runners share nothing', async (t) => {
  const [a, b] = [prepareReference(small), prepareReference(small)];
  a.tensors[0]!.fill(100 as never);
  b.tensors[0]!.fill(-100 as never);
  a.invoke();
  b.invoke();
  t.notSame([...(a.tensors[3] as Int8Array)], [...(b.tensors[3] as Int8Array)]);
});

t.test('operators without a reference are listed, all of them', async (t) => {
  const description = smallModel();
  const model = parse({
    ...description,
    operators: [description.operators[0]!, { op: 'HASHTABLE_LOOKUP', inputs: ['y'], outputs: ['flat'] }, { op: { custom: '<b>op</b>' }, inputs: ['flat'], outputs: ['p'] }],
  });
  t.same(unsupportedIn(model), [
    { index: 1, op: 'HASHTABLE_LOOKUP', reason: 'there is no reference for this operator' },
    { index: 2, op: '<b>op</b>', reason: 'there is no reference for this operator' },
  ]);
  try {
    prepareReference(model);
    t.fail('was accepted');
  } catch (error) {
    t.ok(error instanceof HilError);
    t.match(error, { kind: 'config', code: 'reference.unsupported', message: /operator 1 HASHTABLE_LOOKUP: there is no reference for this operator \(and 1 more operators\); the reference supports .*FULLY_CONNECTED/, facts: { operator: 1, op: 'HASHTABLE_LOOKUP' } });
  }
  t.same(unsupportedIn(small), []);
  t.ok(supportedOperators().every(({ name, supports }) => name !== '' && supports !== ''));
});

t.test('a custom operator cannot borrow the name of a builtin', async (t) => {
  const description = smallModel();
  const model = parse({ ...description, operators: [{ op: { custom: 'FULLY_CONNECTED' }, inputs: ['x', 'w', 'b'], outputs: ['p'] }] });
  t.equal(unsupportedIn(model).length, 1);
});

t.test('profiles', async (t) => {
  t.equal(prepareReference(small, 'tflm-2026-08').profile, 'tflm-2026-08');
  t.throws(() => prepareReference(small, 'tvm'), { kind: 'config', code: 'numerics.profile' });
});

t.test('(de)quantize operators', async (t) => {
  const runner = prepareReference(parse({
    tensors: [
      { name: 'x', dtype: 'float32', shape: [4] },
      { name: 'q', dtype: 'int8', shape: [4], quantisation: { scale: 0.5, zeroPoint: 1 } },
      { name: 'r', dtype: 'int16', shape: [4], quantisation: { scale: 0.25 } },
      { name: 'y', dtype: 'float32', shape: [4] },
    ],
    operators: [{ op: 'QUANTIZE', inputs: ['x'], outputs: ['q'] }, { op: 'QUANTIZE', inputs: ['q'], outputs: ['r'] }, { op: 'DEQUANTIZE', inputs: ['r'], outputs: ['y'] }],
    inputs: ['x'], outputs: ['y'],
  }));
  runner.tensors[0]!.set([0.25, -0.25, 1000, -3] as never);
  runner.invoke();
  t.same([...(runner.tensors[1] as Int8Array)], [2, 0, 127, -5], 'ties away from zero, clamped');
  t.same([...(runner.tensors[2] as Int16Array)], [2, -2, 252, -12]);
  t.same([...(runner.tensors[3] as Float32Array)], [0.5, -0.5, 63, -3]);
});
