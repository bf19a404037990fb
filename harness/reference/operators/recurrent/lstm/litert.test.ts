import t from 'tap';
import { parseModel } from '../../../../model/index.ts';
import { writeModel } from '../../../../model/writer/index.ts';
import type { ModelDescription } from '../../../../model/writer/index.ts';
import { lstmModel } from '../../../fixtures/lstm-model.ts';
import { seededIntegers } from '../../../fixtures/random.ts';
import { prepareReference } from '../../../index.ts';

/** Weights a dozen times as large as usual, so that most gates saturate; hidden state with zero point 7. LiteRT wants the five scales inside the cell too. */
function saturating(): ModelDescription {
  const model = lstmModel({ units: 6, depth: 4, steps: 5, batches: 2, timeMajor: false, seed: 9 });
  const tensors = model.tensors.map((tensor) => (/^[wr] /.test(tensor.name) ? { ...tensor, quantisation: { scale: 0.12 } } : tensor));
  const inside = [0, 1, 2, 3].map((gate) => ({ name: `inside ${gate}`, dtype: 'int16' as const, shape: [], quantisation: { scale: 2 ** -12 } }));
  const hidden = { name: 'inside 4', dtype: 'int8' as const, shape: [], quantisation: { scale: 0.00784, zeroPoint: 7 } };
  return { ...model, tensors: [...tensors, ...inside, hidden], operators: model.operators.map((operator) => ({ ...operator, intermediates: [...inside, hidden].map(({ name }) => name) })) };
}

const next = seededIntegers(21);
const inputs = [0, 1].map(() => Int8Array.from({ length: 2 * 5 * 4 }, () => next(-128, 127)));

/** What ai-edge-litert 2.3.0 on x86-64 (BUILTIN_REF) makes of them, two invocations without a reset, row by row. */
const RECORDED: readonly (readonly number[])[] = [
  [-33, -19, 6, 7, 7, 7, 7, 6, -88, 7, 7, -90, 69, 7, 7, 7, 7, 7, -88, 7, -78, 7, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 7, 7, 7, 7, 80, -90, 99, 7, 100, 7, 7, 7, 77, 7, 18, 7, 104, 103, -50, -76, 7, 7, 104, 7, 7],
  [48, -90, 7, 7, 7, 7, 7, -95, 102, -18, -65, 7, -112, -4, -88, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, -6, 7, 7, -39, 6, 97, 7, 7, 7, 7, 92, 7, 7, 7, 9, 114, 8, 7, 10, -65, 7, 7, 6, 7, 7, -33, 7, 7, 7, -76, -90, 103, 41, 8, -7],
];

const outputs = (profile: string): number[][] => {
  const runner = prepareReference(parseModel(writeModel(saturating())), profile);
  return inputs.map((input) => {
    (runner.tensors[runner.graph.inputs[0] as number] as Int8Array).set(input);
    runner.invoke();
    return [...(runner.tensors[runner.graph.outputs[0] as number] as Int8Array)];
  });
};

t.test('saturated gates and a zero point: as recorded from LiteRT', async (t) => {
  t.same(outputs('litert-ref'), RECORDED);
});

t.test('TFLM saturates the recurrent product first, which is another result', async (t) => {
  const differing = outputs('tflm').flatMap((values, k) => values.filter((value, i) => Math.abs(value - (RECORDED[k]?.[i] as number)) > 20));
  t.ok(differing.length > 5, `${differing.length} elements differ by more than 20`);
});

t.test('what LiteRT does not run is refused', async (t) => {
  const model = saturating();
  const scaled = { ...model, tensors: model.tensors.map((tensor) => (tensor.name === 'c' ? { ...tensor, quantisation: { scale: 2 ** -8 } } : tensor)) };
  t.doesNotThrow(() => prepareReference(parseModel(writeModel(scaled))));
  t.throws(() => prepareReference(parseModel(writeModel(scaled)), 'litert-builtin'), { code: 'reference.unsupported', message: /cell state scale 2\^-8, for which LiteRT has no tanh/ });
});
