import type { Graph, Model, Operator, Tensor } from '../../model/index.ts';
import { badInput } from '../dumps/dump.ts';
import { matchOperators } from './match-operators.ts';
import type { ModelDiff, OperatorDiff } from './model-diff.ts';
import { tensorDifferences, type ConstantCount } from './tensor-differences.ts';

/** Words for the inputs of operators that have weights. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  CONV_2D: ['input', 'weights', 'biases'], DEPTHWISE_CONV_2D: ['input', 'weights', 'biases'], FULLY_CONNECTED: ['input', 'weights', 'biases'],
  TRANSPOSE_CONV: ['output shape', 'weights', 'input', 'biases'],
};

interface Named { readonly label: string; readonly model: Model }

/**
 * Compares two models graph by graph, operators matched in order with insertions and deletions.
 * @throws HilError 'config' diff.nothing where neither has an operator
 */
export function compareModels(a: Named, b: Named): ModelDiff {
  const [graphsA, graphsB] = [a.model.subgraphs, b.model.subgraphs];
  const count: ConstantCount = { compared: 0, differing: 0 };
  const differences = graphsA.length === graphsB.length ? [] : [`graphs: ${graphsA.length} -> ${graphsB.length}`];
  const layers: OperatorDiff[] = [];
  const names = { tensors: 0, graphs: 0 };
  let matched = 0;
  for (let g = 0; g < Math.min(graphsA.length, graphsB.length); g++) {
    const [graphA, graphB] = [graphsA[g] as Graph, graphsB[g] as Graph];
    const matches = matchOperators(graphA, graphB);
    matched += matches.filter((match) => match.a !== null && match.b !== null).length;
    const partner = new Map(matches.flatMap((match) => (match.a === null || match.b === null ? [] : [[match.a.index, match.b.index] as const])));
    const links: Links = { a: producersOf(graphA), b: producersOf(graphB), partner, matchedB: new Set(partner.values()) };
    differences.push(...interfaceDifferences(graphA, graphB, g, links, count));
    for (const match of matches) {
      const found = match.a === null ? ['only in B'] : match.b === null ? ['only in A'] : operatorDifferences(graphA, graphB, match.a, match.b, count);
      if (match.a !== null && match.b !== null) {
        const { inputs } = match.b;
        if (match.a.inputs.some((tensor, i) => comesFromElsewhere(graphA, graphB, tensor, inputs[i] ?? -1, links))) found.push('reads the output of another layer');
        names.tensors += renamed(graphA, graphB, match.a, match.b);
      }
      const operator = (match.a ?? match.b) as Operator;
      if (found.length > 0) layers.push({ graph: g, op: operator.name === 'CUSTOM' ? operator.customName : operator.name, a: match.a?.index ?? null, b: match.b?.index ?? null, differences: found });
    }
  }
  const identical = a.model.sha256 === b.model.sha256;
  const operators = (model: Model): number => model.subgraphs.reduce((sum, graph) => sum + graph.operators.length, 0);
  if (operators(a.model) + operators(b.model) === 0) throw badInput('nothing', `nothing to compare: neither ${a.label} nor ${b.label} has an operator`);
  const equal = differences.length === 0 && layers.length === 0;
  const notes: string[] = [];
  if (names.tensors > 0) notes.push(`${names.tensors} outputs have other names`);
  if (a.model.description !== b.model.description) notes.push('the descriptions differ');
  if (equal && !identical && notes.length === 0) notes.push('the files differ in what changes no result: metadata, or the order of their parts');
  const side = ({ label, model }: Named): ModelDiff['a'] => ({ label, sha256: model.sha256, bytes: model.byteLength, operators: operators(model) });
  return { schema: 'hil-diff/1', kind: 'models', equal, identical, a: side(a), b: side(b), differences, layers, matched, constants: count, notes };
}

/** Inputs of a graph, and which layers its outputs come from; everything between is told of by the operator that makes it. */
function interfaceDifferences(a: Graph, b: Graph, graph: number, links: Links, count: ConstantCount): string[] {
  const where = graph === 0 ? '' : `graph ${graph}, `;
  const found = (['inputs', 'outputs'] as const).flatMap((role) => (a[role].length === b[role].length ? [] : [`${where}${role}: ${a[role].length} -> ${b[role].length}`]));
  a.inputs.forEach((index, i) => {
    const [first, second] = [a.tensors[index], b.tensors[b.inputs[i] ?? -1]];
    if (first !== undefined && second !== undefined) found.push(...tensorDifferences(first, second, `${where}input ${i}`, count));
  });
  a.outputs.forEach((tensor, i) => {
    if (i < b.outputs.length && comesFromElsewhere(a, b, tensor, b.outputs[i] ?? -1, links)) found.push(`${where}output ${i} comes from another layer`);
  });
  return found;
}

function operatorDifferences(a: Graph, b: Graph, first: Operator, second: Operator, count: ConstantCount): string[] {
  const found: string[] = [];
  for (const name of new Set([...Object.keys(first.options), ...Object.keys(second.options)])) {
    const [x, y] = [JSON.stringify(first.options[name]), JSON.stringify(second.options[name])];
    if (x !== y) found.push(`${name} ${x ?? 'not there'} -> ${y ?? 'not there'}`);
  }
  const compare = (indexA: number, indexB: number, role: string): void => {
    const [x, y] = [a.tensors[indexA], b.tensors[indexB]];
    if (x === undefined || y === undefined) {
      if (x !== y) found.push(`${role}: ${x === undefined ? 'omitted' : 'there'} -> ${y === undefined ? 'omitted' : 'there'}`);
    } else if (role.startsWith('output') || !isActivation(x) || !isActivation(y)) {
      found.push(...tensorDifferences(x, y, role, count));
    }
  };
  const roles = ROLES[first.name] ?? [];
  for (let i = 0; i < Math.max(first.inputs.length, second.inputs.length); i++) compare(first.inputs[i] ?? -1, second.inputs[i] ?? -1, roles[i] ?? `input ${i}`);
  for (let i = 0; i < Math.max(first.outputs.length, second.outputs.length); i++) compare(first.outputs[i] ?? -1, second.outputs[i] ?? -1, first.outputs.length === 1 ? 'output' : `output ${i}`);
  return found;
}

type Producers = ReadonlyMap<number, number>;

const producersOf = (graph: Graph): Producers => new Map(graph.operators.flatMap((operator) => operator.outputs.map((tensor) => [tensor, operator.index] as const)));

/** Who computes what, and which operator of B is the match of A's. */
interface Links { readonly a: Producers; readonly b: Producers; readonly partner: ReadonlyMap<number, number>; readonly matchedB: ReadonlySet<number> }

/** Whether two tensors come from different places: of another operator than the match of A's, or of another input of the graph. */
function comesFromElsewhere(a: Graph, b: Graph, tensor: number, other: number, links: Links): boolean {
  const [from, to] = [links.a.get(tensor), links.b.get(other)];
  // A layer that has no match is told of by itself.
  if ((from !== undefined && !links.partner.has(from)) || (to !== undefined && !links.matchedB.has(to))) return false;
  if (from === undefined || to === undefined) return from !== to || a.inputs.indexOf(tensor) !== b.inputs.indexOf(other);
  return links.partner.get(from) !== to;
}

/** Made by an operator, or given: not in the file. */
const isActivation = ({ data, isVariable }: Tensor): boolean => data === null && !isVariable;

/** Outputs of two matched operators whose names differ. */
function renamed(a: Graph, b: Graph, first: Operator, second: Operator): number {
  const name = (graph: Graph, index: number): Tensor['name'] => graph.tensors[index]?.name ?? '';
  return first.outputs.filter((tensor, i) => name(a, tensor) !== name(b, second.outputs[i] ?? -1)).length;
}
