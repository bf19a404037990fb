import type { Graph, Tensor } from '../../harness/model/graph.ts';
import { randomSamples } from '../../harness/suite/index.ts';
import type { OperatorCase } from './case.ts';

export const DEFAULT_SAMPLES = 3;

/** Inputs of all samples one after the other, little-endian, in the order of the graph's inputs. */
export function inputBytes(one: OperatorCase, graph: Graph): Uint8Array {
  const inputs = graph.inputs.map((index) => graph.tensors[index] as Tensor);
  for (const [sample, row] of (one.inputs ?? []).entries()) {
    row.forEach((values, k) => {
      if (values.length !== inputs[k]?.elements) throw new RangeError(`${one.name}: sample ${sample} has ${values.length} values for an input of ${inputs[k]?.elements}`);
    });
  }
  return randomSamples({ samples: one.samples ?? DEFAULT_SAMPLES, seed: one.name }, inputs, (sample, input, i) => one.inputs?.[sample]?.[input]?.[i]);
}
