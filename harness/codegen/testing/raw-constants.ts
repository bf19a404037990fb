import type { Model } from '../../model/graph.ts';

/** Bytes of the constant tensors that operators of the main graph read as weights and biases, as they stand in the model. */
export function rawConstants({ subgraphs: [graph] }: Model): number {
  const read = new Set((graph?.operators ?? []).filter(({ name }) => name !== 'RESHAPE').flatMap(({ inputs }) => inputs));
  return [...read].reduce((sum, index) => sum + (graph?.tensors[index]?.data?.byteLength ?? 0), 0);
}
