import { parseModel, type Graph, type Model, type Operator, type Tensor } from '../model/index.ts';
import { writeModel, type OperatorDescription, type TensorDescription } from '../model/writer/index.ts';

export interface CutModel {
  readonly model: Model;
  readonly bytes: Uint8Array;
  /** Of the new model's inputs, in their order: tensors of the original. */
  readonly inputs: readonly number[];
  /** New operator index by the original's. */
  readonly operators: ReadonlyMap<number, number>;
}

/** Operators whose meaning is in other graphs or in variables that are no tensors: they cannot stand alone. */
const NOT_ALONE: ReadonlySet<string> = new Set(['CALL_ONCE', 'IF', 'WHILE', 'VAR_HANDLE', 'READ_VARIABLE', 'ASSIGN_VARIABLE']);

/**
 * A model of some operators of another: constants and state stay, activations that they read become inputs, all that they
 * compute and nothing of them reads becomes an output, as does what was an output before.
 * @param chosen operator indices of subgraph 0
 * @returns null where they cannot stand alone
 */
export function cutModel(original: Model, chosen: ReadonlySet<number>): CutModel | null {
  const graph = original.subgraphs[0] as Graph;
  const operators = graph.operators.filter(({ index }) => chosen.has(index));
  if (operators.length === 0 || operators.some(({ name }) => NOT_ALONE.has(name))) return null;
  const used = [...new Set(operators.flatMap((operator) => [...operator.inputs, ...operator.intermediates, ...operator.outputs]).filter((tensor) => tensor >= 0))].sort((a, b) => a - b);
  const computed = new Set(operators.flatMap(({ outputs }) => outputs));
  const inside = (tensor: number): Tensor => graph.tensors[tensor] as Tensor;
  const inputs = used.filter((tensor) => !computed.has(tensor) && inside(tensor).data === null && !inside(tensor).isVariable && operators.some((operator) => operator.inputs.includes(tensor)));
  const outputs = [...computed].filter((tensor) => tensor >= 0 && (graph.outputs.includes(tensor) || !operators.some((operator) => operator.inputs.includes(tensor))));
  // Without an input there is no sample to give.
  if (inputs.length === 0 || outputs.length === 0) return null;
  const place = new Map(used.map((tensor, i) => [tensor, i]));
  const moved = (tensor: number): number => place.get(tensor) ?? -1;
  const bytes = writeModel({
    description: 'cut by hil shrink', version: original.version,
    tensors: used.map((tensor) => tensorDescription(inside(tensor))),
    operators: operators.map((operator) => operatorDescription(operator, moved)),
    inputs: inputs.map(moved), outputs: outputs.map(moved),
  });
  return { model: parseModel(bytes), bytes, inputs, operators: new Map(operators.map(({ index }, i) => [index, i])) };
}

/** The operators that lead to one, itself included, at most `most` of them: the nearest, each with those between. */
export function operatorsBefore(graph: Graph, last: readonly number[], most: number): Set<number> {
  const makerOf = new Map<number, number>();
  for (const { index, outputs } of graph.operators) for (const tensor of outputs) makerOf.set(tensor, index);
  const chosen = new Set<number>();
  let level = [...last];
  while (level.length > 0 && chosen.size < most) {
    for (const operator of level) if (chosen.size < most) chosen.add(operator);
    level = [...new Set(level.flatMap((operator) => graph.operators[operator]?.inputs ?? []).flatMap((tensor) => makerOf.get(tensor) ?? []))]
      .filter((operator) => !chosen.has(operator)).sort((a, b) => b - a);
  }
  return chosen;
}

function tensorDescription({ name, dtype, shape, quantisation, data, isVariable }: Tensor): TensorDescription {
  return { name, dtype, shape, isVariable, ...(quantisation === null ? {} : { quantisation }), ...(data === null ? {} : { data }) };
}

function operatorDescription({ code, customName, inputs, outputs, intermediates, options, version }: Operator, moved: (tensor: number) => number): OperatorDescription {
  return { op: customName === '' ? code : { custom: customName }, inputs: inputs.map(moved), outputs: outputs.map(moved), intermediates: intermediates.map(moved), options, version };
}
