import { createHash } from 'node:crypto';
import type { Graph, Model } from '../../harness/model/graph.ts';
import { parseModel } from '../../harness/model/index.ts';
import { writeModel } from '../../harness/model/writer/index.ts';
import type { OperatorCase } from './case.ts';
import { inputBytes } from './inputs.ts';

/** A case as bytes, and read back. */
export interface PreparedCase {
  readonly one: OperatorCase;
  /** The .tflite. */
  readonly bytes: Uint8Array;
  readonly model: Model;
  readonly graph: Graph;
  readonly inputs: Uint8Array;
  readonly inputsSha256: string;
}

export function prepareCase(one: OperatorCase): PreparedCase {
  const bytes = writeModel(one.model);
  const model = parseModel(bytes);
  const [graph] = model.subgraphs;
  if (graph === undefined) throw new Error(`${one.name}: no graph`);
  const inputs = inputBytes(one, graph);
  return { one, bytes, model, graph, inputs, inputsSha256: createHash('sha256').update(inputs).digest('hex') };
}
