import type { TensorData } from '../../../../reference/runner.ts';
import type { Product, Sums } from './product.ts';

/** Sums of whole tensors that were computed before: hypotheses that change what comes after share them. */
const known = new WeakMap<Sums, WeakMap<TensorData, Float64Array>>();

/**
 * Codes of the output's elements, or of all where `elements` is null.
 * @param input codes [batches, height, width, depth]
 */
export function codesOf({ sums, finish }: Product, input: TensorData, elements: Int32Array | null): Int32Array {
  const { beforeBias, bias, narrow, factors, round, zeroPoint, limit } = finish;
  const all = elements === null ? allSums(sums, input) : known.get(sums)?.get(input);
  const channels = sums.output.depth;
  const one = (element: number): number => {
    let sum = all === undefined ? sumAt(sums, input, element) : (all[element] as number);
    if (beforeBias !== null) sum = beforeBias(sum);
    const channel = element % channels;
    return limit(round(narrow(sum + (bias === null ? 0 : (bias[channel] as number))), factors[channel] as (typeof factors)[number]) + zeroPoint);
  };
  if (elements !== null) return Int32Array.from(elements, one);
  return Int32Array.from({ length: sums.batches * sums.output.height * sums.output.width * channels }, (_, element) => one(element));
}

function allSums(sums: Sums, input: TensorData): Float64Array {
  let ofInputs = known.get(sums);
  if (ofInputs === undefined) known.set(sums, (ofInputs = new WeakMap()));
  let all = ofInputs.get(input);
  if (all === undefined) {
    const { batches, output } = sums;
    ofInputs.set(input, (all = Float64Array.from({ length: batches * output.height * output.width * output.depth }, (_, element) => sumAt(sums, input, element))));
  }
  return all;
}

/** The sum of one output element's products. */
function sumAt(sums: Sums, input: TensorData, element: number): number {
  const { output, kernel, channelsOfGroup, depth, padding, isTransposed } = sums;
  const channel = element % output.depth;
  const column = Math.floor(element / output.depth) % output.width;
  const row = Math.floor(element / (output.depth * output.width)) % output.height;
  const batch = Math.floor(element / (output.depth * output.width * output.height));
  const first = Math.floor(channel / channelsOfGroup) * depth;
  const weightsAt = channel * sums.weightStep.channel;
  let sum = sums.start === null ? 0 : (sums.start[channel] as number);
  for (let i = 0; i < kernel.height; i++) {
    const inputRow = isTransposed ? sourceOf(row + sums.pad.height - i, sums.stride.height) : row * sums.stride.height - sums.pad.height + i * sums.dilation.height;
    const isRowInside = inputRow >= 0 && inputRow < sums.input.height;
    if (!isRowInside && padding === null) continue;
    for (let j = 0; j < kernel.width; j++) {
      const inputColumn = isTransposed ? sourceOf(column + sums.pad.width - j, sums.stride.width) : column * sums.stride.width - sums.pad.width + j * sums.dilation.width;
      const isInside = isRowInside && inputColumn >= 0 && inputColumn < sums.input.width;
      const at = weightsAt + i * sums.weightStep.height + j * sums.weightStep.width;
      if (isInside) sum = addPixel(sums, input, ((batch * sums.input.height + inputRow) * sums.input.width + inputColumn) * sums.input.depth + first, at, sum);
      else if (padding !== null) sum = addPadding(sums, padding, at, sum);
    }
  }
  return sum;
}

/** Input position whose window reaches an output position, or -1. */
const sourceOf = (distance: number, stride: number): number => (distance % stride === 0 ? distance / stride : -1);

function addPixel({ depth, weights, weightStep, inputZeroPoint, weightsZeroPoint, narrow }: Sums, input: TensorData, from: number, at: number, start: number): number {
  let sum = start;
  const step = weightStep.depth;
  if (narrow === null) {
    for (let k = 0; k < depth; k++) sum += ((input[from + k] as number) - inputZeroPoint) * ((weights[at + k * step] as number) - weightsZeroPoint);
  } else {
    for (let k = 0; k < depth; k++) sum = narrow(sum + ((input[from + k] as number) - inputZeroPoint) * ((weights[at + k * step] as number) - weightsZeroPoint));
  }
  return sum;
}

function addPadding({ depth, weights, weightStep, inputZeroPoint, weightsZeroPoint, narrow }: Sums, code: number, at: number, start: number): number {
  let sum = start;
  for (let k = 0; k < depth; k++) {
    sum += (code - inputZeroPoint) * ((weights[at + k * weightStep.depth] as number) - weightsZeroPoint);
    if (narrow !== null) sum = narrow(sum);
  }
  return sum;
}
