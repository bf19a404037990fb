import { BYTES_PER_ELEMENT, type Tensor } from '../model/graph.ts';
import { cTypeOf } from './c-types.ts';
import type { CodeUnit, EmitContext, FileScope, GraphCode, GraphPlan, HiddenState, LayerPlan, NetworkScope } from './context.ts';
import { commentText } from './names.ts';
import { need } from './operators/refusal.ts';

const written = new WeakMap<GraphPlan, WeakMap<NetworkScope, GraphCode>>();

/**
 * A graph that operators call, as static functions: `<name>_g<index>(arena)` and one a layer. Its constants and states have the same
 * prefix, so that they do not meet those of the main graph. Written once a network, however many operators call it.
 * @param outer context of the graph that calls it
 */
export function graphCode(plan: GraphPlan, outer: EmitContext): GraphCode {
  const known = written.get(plan)?.get(outer.network);
  if (known !== undefined) return known;
  const code = writeGraph(plan, outer);
  written.set(plan, (written.get(plan) ?? new WeakMap<NetworkScope, GraphCode>()).set(outer.network, code));
  return code;
}

function writeGraph({ index, context: planned, plans, memory }: GraphPlan, outer: EmitContext): GraphCode {
  const { network } = outer;
  const { graph } = planned;
  const name = `${network.name}_g${index}`;
  const constants = network.constants.within(`g${index}`);
  const place = (tensor: Tensor, arena: string): string => {
    need(tensor.data === null, `tensor ${tensor.index} of graph ${index} is constant where an activation is expected`);
    return tensor.isVariable ? `${name}_t${tensor.index}` : `((${cTypeOf(tensor.dtype)} *)(void *)(${arena} + ${memory.offsetOf(tensor.index)}))`;
  };
  const operandIn = (tensor: Tensor, arena: string): string => (tensor.data === null ? place(tensor, arena) : constants.addTensor(tensor));
  const context: EmitContext = {
    ...planned, network, name, constants, plan: memory, variableState: outer.variableState,
    pointer: (tensor) => place(tensor, 'arena'),
    operand: (tensor) => operandIn(tensor, 'arena'),
    scratch: (operator) => `(arena + ${memory.scratch.find((entry) => entry.operator === operator.index)?.offset ?? 0})`,
    code: (plan) => graphCode(plan, context),
  };
  const layers = graph.operators.map((operator, i) => ({ operator, code: (plans[i] as LayerPlan).emit(context) }));
  const running = layers.filter(({ code }) => code.body.length > 0);
  const functions = running.map(({ operator, code }, i): CodeUnit => ({
    name: `${name}_layer_${i}`,
    text: `/* Graph ${index}, layer ${i}: ${operator.name}\n${code.comment.map((line) => ` * ${line}`).join('\n')}\n */
${network.layerMacro} static void ${name}_layer_${i}(int8_t *arena)\n{\n  (void)arena;\n${code.body.map((line) => `  ${line}\n`).join('')}}`,
  }));
  const whole: CodeUnit = {
    name,
    text: `/* Graph ${index} (${commentText(graph.name)}): ${memory.arenaBytes} bytes of its caller's scratch memory. */
static void ${name}(int8_t *arena)\n{\n  (void)arena;\n${running.map((_, i) => `  ${name}_layer_${i}(arena);\n`).join('')}}`,
  };
  const scopes = layers.map(({ code }) => code);
  return {
    run: name, operand: operandIn,
    headers: scopes.flatMap(({ headers }) => headers),
    units: [...scopes.flatMap(({ units = [] }) => units), ...functions, whole],
    hidden: [...graph.tensors.filter(({ isVariable }) => isVariable).map((tensor) => stateOf(name, tensor)), ...scopes.flatMap(({ hidden = [] }) => hidden)],
  };
}

/** What a layer needs at file scope because of the graphs that it calls; each piece once, for graphs that call graphs call some of them often. */
export const scopeOf = (codes: readonly GraphCode[]): Required<FileScope> => ({
  headers: [...new Set(codes.flatMap(({ headers }) => headers))], units: [...new Set(codes.flatMap(({ units = [] }) => units))], hidden: [...new Set(codes.flatMap(({ hidden = [] }) => hidden))],
});

/** A variable tensor as state. int8 starts at its zero point, other types at 0 (as TensorFlow Lite Micro resets variable tensors). */
export const stateOf = (prefix: string, tensor: Tensor): HiddenState => ({
  symbol: `${prefix}_t${tensor.index}`, name: tensor.name, dtype: tensor.dtype, shape: tensor.shape,
  startByte: tensor.dtype === 'int8' ? (tensor.quantisation?.zeroPoint[0] ?? 0) : 0,
});

export const bytesOfState = ({ dtype, shape }: HiddenState): number => shape.reduce((product, n) => product * n, 1) * BYTES_PER_ELEMENT[dtype];
