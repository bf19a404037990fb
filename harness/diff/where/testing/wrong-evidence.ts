import type { DType, Graph, Model, Tensor } from '../../../model/graph.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';

export interface Spoilt {
  readonly shape: readonly number[];
  /** Default 'int8'. */
  readonly dtype?: DType;
  readonly zeroPoint?: number;
  readonly samples?: number;
  readonly firstStep?: number;
  readonly cleanSteps?: readonly number[];
  /** What the reference gives; by default something that varies, without the ends of int8. */
  expected?(flat: number, sample: number): number;
  /** What the device shows, of what is expected. Coordinates in the shape. */
  got(expected: number, at: readonly number[], flat: number, sample: number): number;
}

/** Evidence of a layer without operators whose only output is wrong in a given way. */
export function wrongEvidence(spoilt: Spoilt): LayerEvidence {
  const { shape, dtype = 'int8' } = spoilt;
  const elements = shape.reduce((product, size) => product * size, 1);
  const tensor: Tensor = { index: 0, name: 'y', dtype, shape, elements, quantisation: { scale: [0.1], zeroPoint: [spoilt.zeroPoint ?? 0], axis: 0 }, data: null, isVariable: false };
  const graph: Graph = { name: 'main', tensors: [tensor], operators: [], inputs: [], outputs: [0] };
  const model: Model = { sha256: '0'.repeat(64), byteLength: 0, version: 3, description: '', subgraphs: [graph] };
  const values = (of: (flat: number) => number): TensorData => {
    const numbers = Array.from({ length: elements }, (_each, flat) => of(flat));
    if (dtype === 'int64') return BigInt64Array.from(numbers, BigInt);
    return dtype === 'float32' ? Float32Array.from(numbers) : dtype === 'int16' ? Int16Array.from(numbers) : Int8Array.from(numbers);
  };
  const expectedAt = spoilt.expected?.bind(spoilt) ?? ((flat: number, sample: number): number => ((flat * 73 + sample * 31) % 200) - 100);
  const sample = (k: number, step: number, isWrong: boolean): LayerSample => {
    const expected = values((flat) => expectedAt(flat, k));
    const got = isWrong ? values((flat) => spoilt.got(expectedAt(flat, k), coordinatesOf(flat, shape), flat, k)) : expected;
    return { at: { sequence: 's', sample: step, step }, inputs: new Map(), got: new Map([[0, got]]), expected: new Map([[0, expected]]), earlier: [], others: new Map() };
  };
  return {
    model, profile: 'tflm', layer: { index: 0, op: 'ADD', covers: [] }, tensors: [{ tensor: 0, role: 'output' }], poison: null,
    samples: Array.from({ length: spoilt.samples ?? 1 }, (_each, k) => sample(k, (spoilt.firstStep ?? 0) + k, true)),
    clean: (spoilt.cleanSteps ?? []).map((step) => sample(0, step, false)),
  };
}

function coordinatesOf(flat: number, shape: readonly number[]): number[] {
  const at: number[] = [];
  let rest = flat;
  for (const size of [...shape].reverse()) {
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return at;
}
