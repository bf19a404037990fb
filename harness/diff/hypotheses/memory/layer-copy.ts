import { HilError } from '../../../errors.ts';
import type { Graph, Model, Operator, Tensor } from '../../../model/graph.ts';
import { prepareReference } from '../../../reference/index.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence } from '../../evidence.ts';

/** What is different in a copy of a layer. */
export interface LayerChange {
  /** Other data of constants, as bytes. */
  readonly constants?: ReadonlyMap<number, Uint8Array>;
  /** Called for every operator of the layer. */
  readonly operator?: (operator: Operator) => Operator;
  /** Called for every tensor of the layer. */
  readonly tensor?: (tensor: Tensor) => Tensor;
}

/** The reference's result for the layer's tensors from other inputs; the arrays are the caller's. */
export type Rerun = (inputs: ReadonlyMap<number, TensorData>) => ReadonlyMap<number, TensorData>;

/** To lay out a recurrent layer for the fast path takes longer than to run it a few times on the plain one, up to so many bytes of weights. */
const RECURRENT = 'UNIDIRECTIONAL_SEQUENCE_LSTM';
const PLAIN_BYTES = 64 << 10;

const NOTHING: Partial<Tensor> = { shape: [0], elements: 0, data: null, isVariable: false };

/**
 * The reference of this layer alone, changed.
 * @returns null where the reference refuses the changed layer
 */
export function layerCopy(evidence: LayerEvidence, change: LayerChange = {}): Rerun | null {
  const graph = evidence.model.subgraphs[0] as Graph;
  const operators = evidence.layer.covers.map((index, place) => {
    const operator = graph.operators[index] as Operator;
    return { ...(change.operator?.(operator) ?? operator), index: place };
  });
  const used = new Set(operators.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]));
  // Of all other tensors no memory is needed.
  const tensors = graph.tensors.map((tensor): Tensor => {
    if (!used.has(tensor.index)) return { ...tensor, ...NOTHING };
    const data = change.constants?.get(tensor.index);
    const copy = data === undefined ? tensor : { ...tensor, data };
    return change.tensor?.(copy) ?? copy;
  });
  const model: Model = { ...evidence.model, subgraphs: [{ ...graph, operators, tensors }, ...evidence.model.subgraphs.slice(1)] };
  const weights = tensors.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  const path = operators.some(({ name }) => name === RECURRENT) && weights <= PLAIN_BYTES ? 'plain' : 'fast';
  try {
    const runner = prepareReference(model, evidence.profile, path);
    return (inputs) => {
      for (const [tensor, data] of inputs) (runner.tensors[tensor] as Int8Array).set(data as Int8Array);
      for (const operator of operators) runner.runOperator(operator.index);
      return new Map(evidence.tensors.map(({ tensor }) => [tensor, (runner.tensors[tensor] as TensorData).slice()]));
    };
  } catch (error) {
    if (error instanceof HilError && error.kind === 'config') return null;
    throw error;
  }
}
