import { closest } from '../closest.ts';
import { HilError } from '../errors.ts';
import { BYTES_PER_ELEMENT, type Tensor } from '../model/graph.ts';
import { readArray, readInputFile } from './input-file.ts';
import { loadInput } from './load-input.ts';
import type { LoadedInput, QuantiseFloats } from './load-input.ts';
import type { InputFile } from './input-file.ts';
import type { SuiteSequence } from './suite.ts';

/**
 * Reads the inputs of a sequence for the inputs of a graph, in the graph's order.
 * @returns samples, and codes with all inputs of a sample one after the other
 * @throws HilError 'config'
 */
export function loadSequence(sequence: Pick<SuiteSequence, 'name' | 'inputs'>, inputs: readonly Tensor[], quantise: QuantiseFloats): LoadedInput {
  return joinInputs(assignInputs(sequence, inputs).map(({ tensor, file }) => ({ name: file.given, input: loadInput(readInputFile(file.path, file.given), tensor, quantise) })));
}

/** The inputs that stand in the suite itself. @throws HilError 'config' where they are no whole number of samples */
export function loadCodes(sequence: Pick<SuiteSequence, 'name'>, codes: Uint8Array, inputs: readonly Tensor[]): LoadedInput {
  const bytesPerSample = inputs.reduce((sum, tensor) => sum + tensor.elements * BYTES_PER_ELEMENT[tensor.dtype], 0);
  if (bytesPerSample === 0 || codes.length === 0 || codes.length % bytesPerSample !== 0) {
    throw new HilError('config', 'input.shape', `sequence ${JSON.stringify(sequence.name)}: ${codes.length} bytes of codes are no whole number of samples of ${bytesPerSample}`, { facts: { expected: bytesPerSample, got: codes.length } });
  }
  return { samples: codes.length / bytesPerSample, bytesPerSample, codes };
}

function assignInputs(sequence: Pick<SuiteSequence, 'name' | 'inputs'>, tensors: readonly Tensor[]): { tensor: Tensor; file: SuiteSequence['inputs'][number]['file'] }[] {
  const where = `sequence ${JSON.stringify(sequence.name)}`;
  const names = tensors.map((tensor) => tensor.name);
  const shown = names.map((name) => JSON.stringify(name)).join(', ');
  const [first] = sequence.inputs;
  if (first !== undefined && first.tensor === null) {
    // One .npz may hold all of them.
    if (tensors.length !== 1 && !first.file.given.toLowerCase().endsWith('.npz')) {
      throw new HilError('config', 'input.count', `${where}: the model has ${tensors.length} inputs, so "input" must name a file for each of ${shown}, or one .npz`, { facts: { expected: names, got: [first.file.given] } });
    }
    return tensors.map((tensor) => ({ tensor, file: first.file }));
  }
  const unknown = sequence.inputs.find((each) => !names.includes(each.tensor ?? ''));
  if (unknown !== undefined) {
    const near = closest(unknown.tensor ?? '', names);
    throw new HilError('config', 'input.name', `${where}: the model has no input ${JSON.stringify(unknown.tensor)}; its inputs are ${shown}`, {
      ...(near === null ? {} : { hint: `Did you mean ${near}?` }), facts: { expected: names, got: unknown.tensor },
    });
  }
  return tensors.map((tensor) => {
    const file = sequence.inputs.find((each) => each.tensor === tensor.name)?.file;
    if (file === undefined) throw new HilError('config', 'input.count', `${where}: no file for the model's input ${JSON.stringify(tensor.name)}`, { facts: { expected: names } });
    return { tensor, file };
  });
}

/** Several inputs as one stream, sample by sample. @throws HilError 'config' where they differ in their number of samples */
export function joinInputs(parts: readonly { readonly name: string; readonly input: LoadedInput }[]): LoadedInput {
  const [first] = parts;
  if (first === undefined) throw new HilError('config', 'input.count', 'the model has no input, so no sample can be given to it');
  if (parts.length === 1) return first.input;
  const { samples } = first.input;
  const other = parts.find((part) => part.input.samples !== samples);
  if (other !== undefined) {
    throw new HilError('config', 'input.samples', `${first.name} holds ${samples} samples and ${other.name} ${other.input.samples}`, { facts: { expected: samples, got: other.input.samples } });
  }
  const bytesPerSample = parts.reduce((sum, part) => sum + part.input.bytesPerSample, 0);
  const codes = new Uint8Array(samples * bytesPerSample);
  let offset = 0;
  for (const { input } of parts) {
    for (let sample = 0; sample < samples; sample += 1) {
      codes.set(input.codes.subarray(sample * input.bytesPerSample, (sample + 1) * input.bytesPerSample), sample * bytesPerSample + offset);
    }
    offset += input.bytesPerSample;
  }
  return { samples, bytesPerSample, codes };
}

/**
 * What the output should have been, in its own unit: numbers, `elements` a sample, in any shape that begins with the samples.
 * @throws HilError 'config'
 */
export function loadTruth(file: InputFile, samples: number, elements: number): Float64Array {
  const array = readArray(file, '');
  if (array === null) throw new HilError('config', 'input.format', `${file.name}: truth must be .npy, .npz or .csv`, { facts: { file: file.name } });
  if (array.shape[0] !== samples || array.data.length !== samples * elements) {
    throw new HilError('config', 'input.shape', `${file.name}: expected ${samples} samples of ${elements} elements, got shape [${array.shape.join(', ')}]`, {
      facts: { file: file.name, expected: [samples, elements], got: array.shape },
    });
  }
  const values = Float64Array.from(array.data as Float64Array, Number);
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw new HilError('config', 'input.not-finite', `${file.name}: the truth of sample ${Math.floor(index / elements)} is ${values[index]}`, { facts: { file: file.name, index } });
  return values;
}
