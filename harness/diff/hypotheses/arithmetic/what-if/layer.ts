import type { Graph, Model, Operator, Tensor } from '../../../../model/index.ts';
import { roundingOf, roundingProfile } from '../../../../numerics/index.ts';
import type { OperatorRounding, RoundingProfile } from '../../../../numerics/index.ts';
import { prepareReference } from '../../../../reference/index.ts';
import type { ReferenceRunner, TensorData } from '../../../../reference/index.ts';
import type { LayerEvidence, LayerSample } from '../../../evidence.ts';
import type { Cause } from '../../causes.ts';
import type { Candidate, Hypothesis } from '../../hypothesis.ts';

/** A layer cut out of its model. Tensors keep their indices; those that the layer does not use are empty. */
export interface CutLayer {
  readonly model: Model;
  readonly graph: Graph;
  readonly operators: readonly Operator[];
  /** Activations and state that come from outside. */
  readonly inputs: readonly Tensor[];
  /** Activations that leave it, without state. */
  readonly outputs: readonly Tensor[];
  readonly profile: RoundingProfile;
}

/** A layer that the reference computes otherwise than the model says. */
export interface WhatIf {
  readonly text: string;
  /** How many of the hypothesis' variants are as likely as this one. */
  readonly alternatives: number;
  readonly tensor?: (tensor: Tensor) => Tensor;
  readonly operator?: (operator: Operator) => Operator;
  readonly rounding?: (own: OperatorRounding) => OperatorRounding;
  /** From the device's value of an input to what the reference is fed with. */
  readonly before?: (tensor: Tensor, data: TensorData) => TensorData;
  /** From the reference's value of an output to what the device would show. */
  readonly after?: (tensor: Tensor, data: TensorData) => TensorData;
}

/** @returns null where the layer has no operator */
export function cutLayer({ model, layer, profile }: LayerEvidence): CutLayer | null {
  const main = model.subgraphs[0];
  const operators = layer.covers.flatMap((index) => main?.operators[index] ?? []);
  if (main === undefined || operators.length === 0) return null;
  const used = new Set(operators.flatMap(({ inputs, outputs, intermediates }) => [...inputs, ...outputs, ...intermediates]));
  const made = new Set(operators.flatMap(({ outputs }) => outputs));
  const tensors = main.tensors.map((tensor) => (used.has(tensor.index) ? tensor : { ...tensor, shape: [0], elements: 0, data: null, isVariable: false }));
  const graph = { ...main, tensors, operators, inputs: [], outputs: [] };
  return {
    model: { ...model, subgraphs: [graph, ...model.subgraphs.slice(1)] }, graph, operators,
    inputs: tensors.filter(({ index, data }) => used.has(index) && !made.has(index) && data === null),
    outputs: tensors.filter(({ index, isVariable }) => made.has(index) && !isVariable),
    profile: roundingProfile(profile),
  };
}

/** A hypothesis that the reference can compute, given another layer. */
export function whatIfHypothesis(cause: Cause, variants: (layer: CutLayer, evidence: LayerEvidence) => Iterable<WhatIf>): Hypothesis {
  return {
    name: `${cause}, by the reference`,
    *candidates(evidence) {
      const layer = cutLayer(evidence);
      if (layer === null) return;
      for (const variant of variants(layer, evidence)) yield candidateOf(cause, layer, variant);
    },
  };
}

function candidateOf(cause: Cause, layer: CutLayer, variant: WhatIf): Candidate {
  let runner: ReferenceRunner | null = null;
  return {
    cause, text: variant.text, alternatives: variant.alternatives,
    predict: (sample) => run(runner ??= prepare(layer, variant), layer, variant, sample),
  };
}

/** @throws HilError 'config' reference.unsupported where the edited layer is none that the reference has */
function prepare({ model, graph, profile }: CutLayer, { tensor = (own) => own, operator = (own) => own, rounding }: WhatIf): ReferenceRunner {
  const edited = { ...graph, tensors: graph.tensors.map(tensor), operators: graph.operators.map(operator) };
  const chosen = rounding === undefined ? profile : {
    ...profile, default: rounding(profile.default),
    operators: Object.fromEntries(graph.operators.map(({ name }) => [name, rounding(roundingOf(profile, name))])),
  };
  return prepareReference({ ...model, subgraphs: [edited, ...model.subgraphs.slice(1)] }, chosen);
}

function run(runner: ReferenceRunner, layer: CutLayer, { before, after }: WhatIf, sample: LayerSample): ReadonlyMap<number, TensorData> {
  for (const tensor of layer.inputs) {
    const value = sample.inputs.get(tensor.index);
    if (value !== undefined) (runner.tensors[tensor.index] as Int8Array).set((before?.(tensor, value) ?? value) as Int8Array);
  }
  runner.invoke();
  return new Map([...sample.got.keys()].map((index) => {
    const data = runner.tensors[index] as TensorData;
    return [index, after?.(layer.graph.tensors[index] as Tensor, data) ?? data.slice()];
  }));
}
