import type { Tensor } from '../../../../model/graph.ts';
import type { TensorData } from '../../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../../evidence.ts';
import type { Cause } from '../../causes.ts';
import { bytesOf, emptyLike } from '../elements.ts';
import type { Place } from '../place.ts';

/** What lies where moved values left a gap. */
export interface Fill {
  readonly text: string;
  /** null where it is not known in this sample. */
  at(tensor: Tensor, sample: LayerSample, data: TensorData): ((i: number) => number | bigint) | null;
}

const zero: Fill = { text: 'with zeros in the gap', at: (_tensor, _sample, data) => constant(data, 0) };
const zeroPoint: Fill = {
  text: 'with the zero point in the gap',
  at: ({ quantisation }, _sample, data) => ((quantisation?.zeroPoint[0] ?? 0) === 0 || data instanceof BigInt64Array ? null : () => quantisation?.zeroPoint[0] ?? 0),
};
const earlier: Fill = {
  text: 'with what the sample before left in the gap',
  at: ({ index }, { earlier: [before] }) => {
    const left = before?.get(index);
    return left === undefined ? null : (i) => left[i] as number;
  },
};
const right: Fill = { text: 'with the right values in the gap', at: (_tensor, _sample, data) => (i) => data[i] as number };

const WINDOWS: ReadonlySet<string> = new Set(['CONV_2D', 'DEPTHWISE_CONV_2D', 'TRANSPOSE_CONV', 'AVERAGE_POOL_2D', 'MAX_POOL_2D', 'L2_POOL_2D']);

/** What may lie in a gap of what is read, and of what was written. Rows that a window reads as the zero point are padding, which has its own causes. */
export function fillsOf({ kind }: Place, { poison, layer }: LayerEvidence, cause: Cause): readonly Fill[] {
  if (kind !== 'output') return cause === 'offset.row' && WINDOWS.has(layer.op) ? [zero] : [zero, zeroPoint];
  const poisoned: Fill = { text: 'with poison in the gap', at: (_tensor, _sample, data) => repeated(data, poison ?? 0) };
  return [right, ...(poison === null ? [] : [poisoned]), earlier, zero, zeroPoint];
}

function constant(data: TensorData, value: number): () => number | bigint {
  return () => (data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(value) : value);
}

/** The element that has this byte throughout. */
function repeated(data: TensorData, byte: number): () => number | bigint {
  const one = emptyLike(data, 1);
  bytesOf(one).fill(byte);
  return () => one[0] as number;
}
