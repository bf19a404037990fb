import t from 'tap';
import { parseModel } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import { lstmModel } from '../../fixtures/lstm-model.ts';
import type { LstmShape } from '../../fixtures/lstm-model.ts';
import { seededIntegers } from '../../fixtures/random.ts';
import { prepareReference } from '../../index.ts';
import type { ReferenceRunner } from '../../index.ts';

const runnerOf = (shape: LstmShape, profile?: string): ReferenceRunner => prepareReference(parseModel(writeModel(lstmModel(shape))), profile);
const named = (runner: ReferenceRunner, name: string) => runner.tensors[runner.graph.tensors.findIndex((tensor) => tensor.name === name)] as Int8Array;
const base: LstmShape = { units: 5, depth: 3, steps: 4, batches: 2, timeMajor: false, seed: 3 };
const next = seededIntegers(11);
const input = Int8Array.from({ length: 2 * 4 * 3 }, () => next(-128, 127));
/** [first, second, depth] -> [second, first, depth] */
const swap = (data: Int8Array, first: number, second: number, depth: number): Int8Array =>
  Int8Array.from(data, (_, at) => data[(Math.floor(at / depth) % first) * second * depth + Math.floor(at / depth / first) * depth + (at % depth)] as number);

t.test('both layouts compute the same sequences', async (t) => {
  const batchMajor = runnerOf(base);
  const timeMajor = runnerOf({ ...base, timeMajor: true });
  named(batchMajor, 'x').set(input);
  named(timeMajor, 'x').set(swap(input, 2, 4, 3));
  batchMajor.invoke();
  timeMajor.invoke();
  t.same([...swap(named(batchMajor, 'y'), 2, 4, 5)], [...named(timeMajor, 'y')]);
  t.same([...named(batchMajor, 'c')], [...named(timeMajor, 'c')]);
  t.ok(new Set(named(batchMajor, 'y')).size > 10, 'the outputs are no constant');
});

t.test('four steps in one invocation equal four invocations; rows do not see each other', async (t) => {
  const whole = runnerOf(base);
  named(whole, 'x').set(input);
  whole.invoke();
  for (const row of [0, 1]) {
    const single = runnerOf({ ...base, steps: 1, batches: 1 });
    for (let step = 0; step < 4; step++) {
      named(single, 'x').set(input.subarray((row * 4 + step) * 3, (row * 4 + step + 1) * 3));
      single.invoke();
      t.same([...named(single, 'y')], [...named(whole, 'y').subarray((row * 4 + step) * 5, (row * 4 + step + 1) * 5)], `row ${row} step ${step}`);
    }
  }
});

t.test('state starts at the zero point, is kept, and comes back with reset', async (t) => {
  const runner = runnerOf(base);
  t.same(new Set(named(runner, 'h')), new Set([7]));
  t.same(new Set(named(runner, 'c')), new Set([0]));
  const run = (): number[] => {
    named(runner, 'x').set(input);
    runner.invoke();
    return [...named(runner, 'y')];
  };
  const first = run();
  t.notSame(run(), first, 'state carries over');
  runner.reset();
  t.same(run(), first);
});

t.test('the hidden state is the last output', async (t) => {
  const runner = runnerOf(base);
  named(runner, 'x').set(input);
  runner.invoke();
  t.same([...named(runner, 'h').subarray(0, 5)], [...named(runner, 'y').subarray(15, 20)]);
});

t.test('the cell is clipped on both sides', async (t) => {
  const runner = runnerOf({ ...base, steps: 1, cellClip: 0.25 });
  for (let step = 0; step < 20; step++) {
    named(runner, 'x').fill(step % 2 === 0 ? 127 : -128);
    runner.invoke();
    t.ok(named(runner, 'c').every((value) => Math.abs(value) <= 512), `step ${step}`);
  }
  t.ok(named(runner, 'c').some((value) => Math.abs(value) === 512), 'the bound is reached');
});

t.test('forms that TFLM does not run are refused', async (t) => {
  const description = lstmModel(base);
  const operator = description.operators[0]!;
  const refused = (change: object, reason: RegExp): void => {
    t.throws(() => prepareReference(parseModel(writeModel({ ...description, operators: [{ ...operator, ...change }] }))), { kind: 'config', code: 'reference.unsupported', message: reason });
  };
  refused({ options: { fused_activation_function: 1 } }, /operator 0 UNIDIRECTIONAL_SEQUENCE_LSTM: activation 1/);
  refused({ inputs: operator.inputs.with(9, 'c') }, /with peephole connections/);
  refused({ inputs: operator.inputs.with(16, 'w cell') }, /with a projection/);
  refused({ inputs: operator.inputs.with(18, 'x') }, /hidden state is no variable/);
  refused({ inputs: operator.inputs.slice(0, 20) }, /20 inputs, not 24/);
  refused({ inputs: operator.inputs.with(1, 'r input') }, /input 1 \(weights\) is \[5,5\], not \[5,3\]/);
  const badScale = { ...description, tensors: description.tensors.map((tensor) => (tensor.name === 'c' ? { ...tensor, quantisation: { scale: 0.0003 } } : tensor)) };
  t.throws(() => prepareReference(parseModel(writeModel(badScale))), { message: /cell state scale 0.0003\d* is no power of two/ });
});
