import type { DType, Graph } from '../../model/graph.ts';
import type { TensorData } from '../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../evidence.ts';

/** What is wrong of one tensor in one sample. */
export interface WrongSample {
  readonly sample: LayerSample;
  readonly expected: TensorData;
  readonly got: TensorData;
  /** Row-major indices of the wrong elements, rising. */
  readonly flat: readonly number[];
}

/** Everything that is wrong of one tensor of a layer. */
export interface WrongElements {
  readonly tensor: number;
  /** Its product is `elements`. */
  readonly shape: readonly number[];
  /** Elements of the tensor in one sample. */
  readonly elements: number;
  readonly dtype: DType;
  /** Code of the real value 0; 0 where the tensor is not quantised. */
  readonly zeroPoint: number;
  /** All samples in which the tensor was compared, those in which it is right too. */
  readonly samples: readonly WrongSample[];
  /** Of all samples together; at least 1. */
  readonly wrong: number;
}

/** The tensor with the most wrong elements; of several the first. null where none is wrong. */
export function mostWrong(evidence: LayerEvidence): WrongElements | null {
  const graph = evidence.model.subgraphs[0];
  let most: WrongElements | null = null;
  for (const { tensor } of evidence.tensors) {
    const found = wrongOf(evidence, graph, tensor);
    if (found !== null && found.wrong > (most?.wrong ?? 0)) most = found;
  }
  return most;
}

function wrongOf({ samples }: LayerEvidence, graph: Graph | undefined, tensor: number): WrongElements | null {
  const compared = samples.flatMap((sample): WrongSample[] => {
    const [expected, got] = [sample.expected.get(tensor), sample.got.get(tensor)];
    if (expected === undefined || got === undefined || expected.length !== got.length) return [];
    return [{ sample, expected, got, flat: differing(expected, got) }];
  });
  const elements = compared[0]?.expected.length ?? 0;
  const same = compared.filter(({ expected }) => expected.length === elements);
  const info = graph?.tensors[tensor];
  const shape = info !== undefined && info.shape.reduce((product, size) => product * size, 1) === elements ? info.shape : [elements];
  return {
    tensor, shape, elements, dtype: info?.dtype ?? 'float32', zeroPoint: info?.quantisation?.zeroPoint[0] ?? 0,
    samples: same, wrong: same.reduce((sum, { flat }) => sum + flat.length, 0),
  };
}

/** By identity, as own error counts: the same NaN is no difference, 0 and -0 are. */
function differing(expected: TensorData, got: TensorData): number[] {
  const flat: number[] = [];
  for (let i = 0; i < expected.length; i++) if (!Object.is(expected[i], got[i])) flat.push(i);
  return flat;
}
