import { activationRange, windowAxis } from '../../../../numerics/index.ts';
import type { TensorData } from '../../../../reference/index.ts';
import type { LayerEvidence, LayerSample } from '../../../evidence.ts';
import type { Cause } from '../../causes.ts';
import type { Candidate, Hypothesis } from '../../hypothesis.ts';
import { between } from '../product/product.ts';
import type { Pair } from '../product/product.ts';
import { codesOf } from '../what-if/codes.ts';

/** A pooling window over codes, as numbers that a hypothesis can change one by one. */
export interface Pool {
  readonly isMean: boolean;
  readonly input: Pair;
  readonly output: Pair;
  readonly depth: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Positions of padding before the first element. */
  readonly pad: Pair;
  /** Code that counts outside the image; null: what is outside is skipped. */
  readonly padding: number | null;
  /** Of the means: divides by the positions of the whole window, not by those inside. */
  readonly countsAll: boolean;
  /** Applied to the sum. */
  readonly narrow: (sum: number) => number;
  readonly divide: (sum: number, count: number) => number;
  readonly limit: (value: number) => number;
}

export interface PoolFacts {
  /** `padding` of the options. */
  readonly padding: number;
  readonly zeroPoint: number;
}

interface Read { readonly pool: Pool; readonly facts: PoolFacts; readonly inputTensor: number; readonly outputTensor: number }

/** AVERAGE_POOL_2D and MAX_POOL_2D of codes alone in their layer; null for others. */
function readPool({ model, layer }: LayerEvidence): Read | null {
  const graph = model.subgraphs[0];
  const operator = graph?.operators[layer.covers[0] ?? -1];
  if (graph === undefined || layer.covers.length !== 1 || (operator?.name !== 'AVERAGE_POOL_2D' && operator?.name !== 'MAX_POOL_2D')) return null;
  const [input, output] = [graph.tensors[operator.inputs[0] ?? -1], graph.tensors[operator.outputs[0] ?? -1]];
  const codes = output === undefined ? null : codesOf(output);
  if (input?.shape.length !== 4 || output?.shape.length !== 4 || codes === null) return null;
  const [, height, width, depth] = input.shape as [number, number, number, number];
  const [, outputHeight, outputWidth] = output.shape as [number, number, number, number];
  const option = (name: string): number => Number(operator.options[name] ?? 1);
  const [kernel, stride] = [{ height: option('filter_height'), width: option('filter_width') }, { height: option('stride_h'), width: option('stride_w') }];
  const padding = Number(operator.options.padding ?? 0);
  const range = activationRange(Number(operator.options.fused_activation_function ?? 0), codes.scale, codes.zeroPoint, codes.type[0], codes.type[1]);
  if (range === null) return null;
  const pool: Pool = {
    isMean: operator.name === 'AVERAGE_POOL_2D', input: { height, width }, output: { height: outputHeight, width: outputWidth }, depth, kernel, stride,
    pad: { height: windowAxis(padding, height, kernel.height, stride.height).padBefore, width: windowAxis(padding, width, kernel.width, stride.width).padBefore },
    padding: null, countsAll: false, narrow: (sum) => sum, divide: awayFromZero, limit: between(range.least, range.greatest),
  };
  return { pool, facts: { padding, zeroPoint: codes.zeroPoint }, inputTensor: input.index, outputTensor: output.index };
}

/** As the reference: half the count added away from zero, then cut. */
const awayFromZero = (sum: number, count: number): number => Math.trunc((sum + Math.sign(sum) * Math.trunc(count / 2)) / count);

/** A pool that is computed otherwise. */
export interface PoolVariant {
  readonly text: string;
  readonly alternatives: number;
  readonly change: Partial<Pool>;
}

export function poolHypothesis(cause: Cause, variants: (pool: Pool, facts: PoolFacts) => Iterable<PoolVariant>): Hypothesis {
  return {
    name: `${cause} of a pool`,
    *candidates(evidence) {
      const read = readPool(evidence);
      if (read === null) return;
      for (const variant of variants(read.pool, read.facts)) yield candidateOf(cause, read, variant);
    },
  };
}

function candidateOf(cause: Cause, { pool, inputTensor, outputTensor }: Read, { text, alternatives, change }: PoolVariant): Candidate {
  const changed = { ...pool, ...change };
  const at = (sample: LayerSample, elements: Iterable<number>): Int32Array | null => {
    const input = sample.inputs.get(inputTensor);
    return input === undefined ? null : Int32Array.from(elements, (element) => elementOf(changed, input, element));
  };
  return {
    cause, text, alternatives,
    predictAt: (sample, tensor, elements) => (tensor === outputTensor ? at(sample, elements) : null),
    predict: (sample) => {
      const all = at(sample, (sample.got.get(outputTensor) as TensorData).keys());
      return all === null ? null : new Map<number, TensorData>([[outputTensor, all]]);
    },
  };
}

function elementOf({ isMean, input, output, depth, kernel, stride, pad, padding, countsAll, narrow, divide, limit }: Pool, codes: TensorData, element: number): number {
  const channel = element % depth;
  const column = Math.floor(element / depth) % output.width;
  const row = Math.floor(element / (depth * output.width)) % output.height;
  const batch = Math.floor(element / (depth * output.width * output.height));
  let [sum, greatest, count] = [0, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < kernel.height; i++) {
    const y = row * stride.height - pad.height + i;
    for (let j = 0; j < kernel.width; j++) {
      const x = column * stride.width - pad.width + j;
      const isInside = y >= 0 && y < input.height && x >= 0 && x < input.width;
      if (!isInside && padding === null) continue;
      const code = isInside ? Number(codes[((batch * input.height + y) * input.width + x) * depth + channel]) : (padding as number);
      sum = narrow(sum + code);
      greatest = Math.max(greatest, code);
      count++;
    }
  }
  if (!isMean) return limit(greatest);
  return limit(divide(sum, countsAll ? kernel.height * kernel.width : Math.max(1, count)));
}
