import type { Graph } from '../model/graph.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';

/** The model's inputs, where a layer's sources are listed. */
export const MODEL_INPUT = -1;

/**
 * For each layer the layers that compute what it reads, in rising order, MODEL_INPUT first where it reads an input of the
 * model. State that the layer itself keeps is no source. An operator that no layer shows is passed through.
 */
export function layerSources(manifest: NetworkManifest, graph: Graph): readonly (readonly number[])[] {
  const layerOf = new Map<number, number>();
  for (const layer of manifest.layers) for (const operator of layer.covers) layerOf.set(operator, layer.index);
  const producer = new Map<number, number>();
  for (const operator of graph.operators) for (const tensor of operator.outputs) producer.set(tensor, operator.index);
  return manifest.layers.map((layer) => {
    const found = new Set<number>();
    const seen = new Set<number>();
    const follow = (operator: number): void => {
      if (seen.has(operator)) return;
      seen.add(operator);
      for (const tensor of graph.operators[operator]?.inputs ?? []) {
        if (graph.inputs.includes(tensor)) found.add(MODEL_INPUT);
        const from = producer.get(tensor);
        if (from === undefined) continue;
        const source = layerOf.get(from);
        if (source === undefined || source === layer.index) follow(from);
        else found.add(source);
      }
    };
    for (const operator of layer.covers) follow(operator);
    return [...found].sort((a, b) => a - b);
  });
}
