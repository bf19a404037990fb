import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { generateC } from '../codegen/index.ts';
import { parseModel } from '../model/index.ts';
import { prepareReference, type TensorData } from '../reference/index.ts';
import { countOwnError, noOwnError, OwnErrorAnalysis, type DeviceSample, type OwnError } from './own-error.ts';

const model = parseModel(readFileSync(fileURLToPath(new URL('../../suites/engine-rom/model/engine_rom_int8.tflite', import.meta.url))));
const { manifest } = generateC(model, { name: 'rom' });
const [lstm, dense] = manifest.layers as [typeof manifest.layers[number], typeof manifest.layers[number]];
const outputTensor = (layer: typeof lstm): number => layer.taps.find((tap) => tap.role === 'output')!.tensor!;

/** One step of the reference as if a device had computed it; `spoil` changes what the device shows. */
function deviceStep(spoil: (tensors: Map<number, TensorData>) => void): DeviceSample {
  const runner = prepareReference(model);
  runner.reset();
  const before = new Map(runner.graph.tensors.filter((tensor) => tensor.isVariable).map((tensor) => [tensor.index, runner.tensors[tensor.index]!.slice()] as const));
  runner.tensors[runner.graph.inputs[0]!]!.set([100, -3, 44, 7] as never);
  runner.invoke();
  const after = new Map(runner.tensors.map((data, index) => [index, data.slice()] as const));
  spoil(after);
  const get = (tensor: number): TensorData | null => after.get(tensor) ?? null;
  return { fed: get, stateBefore: (tensor) => before.get(tensor) ?? null, shown: get };
}

function own(layer: typeof lstm, sample: DeviceSample): OwnError {
  const sum = noOwnError();
  const run = new OwnErrorAnalysis(prepareReference(model)).rerun(layer, sample);
  if (run !== null) countOwnError(run, model.subgraphs[0]!, { sequence: 's', sample: 7, step: 3 }, sum);
  return sum;
}

t.test('a right device has no own error anywhere', async (t) => {
  const sample = deviceStep(() => undefined);
  t.match([own(lstm, sample), own(dense, sample)], [{ compared: 96, mismatched: 0, maxAbsDiff: 0, samples: 1, first: null }, { compared: 1, mismatched: 0, maxAbsDiff: 0, samples: 1, first: null }]);
});

t.test('a wrong layer is named; what follows from its wrong output is not', async (t) => {
  const hidden = outputTensor(lstm);
  const sample = deviceStep((tensors) => {
    (tensors.get(hidden) as Int8Array)[5]! += 90;
    // What a right dense layer makes of the wrong input.
    const runner = prepareReference(model);
    (runner.tensors[hidden] as Int8Array).set(tensors.get(hidden) as Int8Array);
    runner.runOperator(1);
    tensors.set(outputTensor(dense), runner.tensors[outputTensor(dense)]!.slice());
  });
  t.match(own(lstm, sample), { mismatched: 1, maxAbsDiff: 90, samples: 1, first: { sequence: 's', sample: 7, step: 3, index: [0, 0, 5] } });
  t.match(own(dense, sample), { mismatched: 0, maxAbsDiff: 0, samples: 1 });
});

t.test('wrong state is the layer\'s own', async (t) => {
  const state = lstm.taps.find((tap) => tap.role === 'state' && tap.dtype === 'int16')!.tensor!;
  t.match(own(lstm, deviceStep((tensors) => { (tensors.get(state) as Int16Array)[0]! -= 3; })), { mismatched: 1, maxAbsDiff: 3, samples: 1 });
});

t.test('what is not known is not judged', async (t) => {
  const sample = { ...deviceStep(() => undefined), stateBefore: () => null };
  t.equal(own(lstm, sample).samples, 0);
});
