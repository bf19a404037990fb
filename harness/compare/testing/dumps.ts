import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseModel, type Model } from '../../model/index.ts';
import { writeModel, type ModelDescription } from '../../model/writer/index.ts';
import { prepareReference, type TensorData } from '../../reference/index.ts';
import { encodeNpy } from '../../suite/index.ts';

/** For tests: FC, then FC, on four numbers; names that terminals and CI logs obey. */
export function twoLayers(): ModelDescription {
  const weights = (seed: number, count: number): number[] => Array.from({ length: count }, (_, i) => ((i * 37 + seed * 11) % 201) - 100);
  return {
    tensors: [
      { name: 'x', dtype: 'int8', shape: [1, 4], quantisation: { scale: 0.05, zeroPoint: -3 } },
      { name: 'w0', dtype: 'int8', shape: [8, 4], quantisation: { scale: 0.01 }, data: weights(1, 32) },
      { name: 'b0', dtype: 'int32', shape: [8], quantisation: { scale: 0.0005 }, data: weights(2, 8).map((value) => value * 20) },
      { name: '\u001b[31m##[error]hidden', dtype: 'int8', shape: [1, 8], quantisation: { scale: 0.07, zeroPoint: 4 } },
      { name: 'w1', dtype: 'int8', shape: [3, 8], quantisation: { scale: 0.02 }, data: weights(3, 24) },
      { name: 'b1', dtype: 'int32', shape: [3], quantisation: { scale: 0.0014 }, data: [300, -200, 100] },
      { name: 'y', dtype: 'int8', shape: [1, 3], quantisation: { scale: 0.3, zeroPoint: -6 } },
    ],
    operators: [
      { op: 'FULLY_CONNECTED', inputs: ['x', 'w0', 'b0'], outputs: [3], options: { fused_activation_function: 0 }, version: 4 },
      { op: 'FULLY_CONNECTED', inputs: [3, 'w1', 'b1'], outputs: ['y'], options: { fused_activation_function: 0 }, version: 4 },
    ],
    inputs: ['x'],
    outputs: ['y'],
  };
}

/** Changes the tensors after an operator ran, as if the device had made them so. */
export type Spoil = (operator: number, tensors: readonly TensorData[], sample: number) => void;

/** A folder as `hil reference` writes it, of `samples` made-up samples; later operators work on what `spoil` left. */
export function writeDump(folder: string, description: ModelDescription, samples: number, spoil: Spoil = () => undefined, change: object = {}): Model {
  const bytes = writeModel(description);
  const model = parseModel(bytes);
  const runner = prepareReference(model);
  const { graph } = runner;
  const rows = [...graph.inputs.map((index) => ({ index, opIndex: null as number | null, role: 'input' })),
    ...graph.operators.flatMap((operator) => [
      ...operator.outputs.map((index) => ({ index, opIndex: operator.index as number | null, role: 'output' })),
      ...operator.inputs.filter((index) => graph.tensors[index]?.isVariable).map((index) => ({ index, opIndex: operator.index as number | null, role: 'state' })),
    ])];
  const taken = rows.map(() => [] as Uint8Array[]);
  runner.reset();
  for (let sample = 0; sample < samples; sample++) {
    for (const index of graph.inputs) (runner.tensors[index] as Int8Array).forEach((_, i, data) => { data[i] = ((sample * 71 + i * 53) % 256) - 128; });
    for (const operator of graph.operators) {
      runner.runOperator(operator.index);
      spoil(operator.index, runner.tensors, sample);
    }
    rows.forEach(({ index }, r) => {
      const data = runner.tensors[index] as TensorData;
      taken[r]?.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice());
    });
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'model.tflite'), bytes);
  const tensors = rows.map(({ index, opIndex, role }, r) => {
    const { name, dtype, shape } = graph.tensors[index]!;
    const file = `${index}-${role}.npy`;
    writeFileSync(path.join(folder, file), encodeNpy({ dtype: dtype as 'int8', shape: [samples, ...shape], data: Buffer.concat(taken[r]!) }));
    return { index, opIndex, op: opIndex === null ? null : graph.operators[opIndex]!.name, name, role, shape, dtype, scale: null, zeroPoint: null, file };
  });
  writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ model: { file: 'model.tflite', sha256: model.sha256 }, profile: 'tflm', samples, tensors, ...change }));
  return model;
}
