import { HilError } from '../errors.ts';
import type { Graph, Model, Tensor } from '../model/graph.ts';

/** The graph that is run: subgraph 0. @throws HilError 'config' where there is none. */
export function mainGraph(model: Model): Graph {
  const [graph] = model.subgraphs;
  if (graph === undefined) throw new HilError('config', 'model.no-graph', 'the model has no graph');
  return graph;
}

/** In graph order. */
export function inputTensors(graph: Graph): Tensor[] {
  return graph.inputs.map((index) => graph.tensors[index] as Tensor);
}
