import { memoryOf, type MemoryPlan } from '../../codegen/index.ts';
import { HilError } from '../../errors.ts';
import type { Graph, Model, Tensor } from '../../model/graph.ts';
import { costOfOperators } from '../../measure/index.ts';
import { notSupportedOfTflm, supportedOperators, unsupportedIn } from '../../reference/index.ts';
import { escapeTerminal } from '../../report/index.ts';
import { mainGraph } from '../../run/index.ts';
import { readModel } from '../model-file.ts';
import type { CommandAction } from '../program.ts';

/** hil inspect MODEL: what is in it, what it costs, what hil cannot do of it. Exit 0 even where something is not supported. */
export const inspect: CommandAction<object> = async ([file], _options, { terminal }) => {
  const model = await readModel(file as string);
  const graph = mainGraph(model);
  const unsupported = unsupportedIn(model);
  const costs = costOfOperators(graph);
  const plan = planOf(model);
  const operators = graph.operators.map((operator, k) => {
    const output = graph.tensors[operator.outputs[0] ?? -1];
    return { index: operator.index, op: operator.name, name: output?.name ?? '', dtype: output?.dtype ?? '', shape: output?.shape ?? [],
      macs: costs[k]?.macs ?? 0, weightBytes: constantBytes(graph, operator.inputs) };
  });
  const describe = (index: number): object => {
    const tensor = graph.tensors[index] as Tensor;
    return { tensor: index, name: tensor.name, dtype: tensor.dtype, shape: tensor.shape, scale: tensor.quantisation?.scale ?? null, zeroPoint: tensor.quantisation?.zeroPoint ?? null };
  };
  terminal.result({
    model: { file, sha256: model.sha256, bytes: model.byteLength, description: model.description },
    inputs: graph.inputs.map(describe), outputs: graph.outputs.map(describe), state: stateOf(graph).map((tensor) => describe(tensor.index)),
    operators, macs: operators.reduce((sum, row) => sum + row.macs, 0),
    memory: plan === null ? null : { arenaBytes: plan.arenaBytes, peakBytes: plan.peakBytes, peakAt: plan.peakAt, stateBytes: plan.stateBytes, buffers: plan.buffers },
    unsupported, supportedOperators: supportedOperators(), notSupportedOfTflm: notSupportedOfTflm(),
  });
  terminal.out(`${escapeTerminal(file as string)}: ${model.byteLength} bytes, SHA-256 ${model.sha256}`);
  for (const [role, tensors] of [['input', graph.inputs], ['output', graph.outputs], ['state', stateOf(graph).map((tensor) => tensor.index)]] as const) {
    for (const index of tensors) terminal.out(`${role.padEnd(7)} ${tensorText(graph.tensors[index] as Tensor)}`);
  }
  const rows = [['op', 'operator', 'output', 'MACs', 'constants'], ...operators.map((row) => [String(row.index), escapeTerminal(row.op), `${row.dtype} [${row.shape.join(', ')}]`, String(row.macs), `${row.weightBytes} B`])];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  for (const row of rows) terminal.out(row.map((cell, column) => (column >= 3 || column === 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd());
  if (plan !== null) {
    terminal.out(`arena ${plan.arenaBytes} B (peak of live tensors ${plan.peakBytes} B), state ${plan.stateBytes} B`);
    for (const buffer of plan.buffers) terminal.out(`  offset ${String(buffer.offset).padStart(6)}  ${String(buffer.bytes).padStart(6)} B  tensors ${buffer.tensors.join(', ')}  operators ${buffer.first < 0 ? 'before' : buffer.first}..${buffer.last >= graph.operators.length ? 'after' : buffer.last}`);
  }
  for (const { op, reason, indices } of alike(unsupported)) {
    terminal.out(terminal.style('yellow', `not supported: ${escapeTerminal(`operator${indices.length > 1 ? 's' : ''} ${indices.join(', ')} ${op}: ${reason}`)}`));
  }
  if (unsupported.length > 0 || terminal.verbose) {
    for (const { name, supports } of supportedOperators()) terminal.out(`supported: ${name}: ${supports}`);
    for (const { name, reason } of notSupportedOfTflm()) terminal.out(`of TensorFlow Lite Micro's operators not supported: ${name}: ${reason}`);
  }
  return 0;
};

/** null where there is no C for the model, and so no plan. */
function planOf(model: Model): MemoryPlan | null {
  try {
    return memoryOf(model);
  } catch (error) {
    if (error instanceof HilError && error.kind === 'config') return null;
    throw error;
  }
}

/** Constants that an operator reads, each once. */
function constantBytes(graph: Graph, inputs: readonly number[]): number {
  return [...new Set(inputs)].reduce((sum, index) => sum + (graph.tensors[index]?.data?.byteLength ?? 0), 0);
}

/** One line for all operators that are not supported for the same reason. */
function alike(unsupported: ReturnType<typeof unsupportedIn>): { op: string; reason: string; indices: number[] }[] {
  const groups = new Map<string, { op: string; reason: string; indices: number[] }>();
  for (const { index, op, reason } of unsupported) {
    const key = JSON.stringify([op, reason]);
    const group = groups.get(key) ?? { op, reason, indices: [] };
    group.indices.push(index);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function stateOf(graph: Graph): Tensor[] {
  return graph.tensors.filter((tensor) => tensor.isVariable);
}

function tensorText(tensor: Tensor): string {
  const quantisation = tensor.quantisation === null || tensor.quantisation.scale.length !== 1 ? '' : `, scale ${tensor.quantisation.scale[0]?.toPrecision(6)}, zero point ${tensor.quantisation.zeroPoint[0]}`;
  return `tensor ${tensor.index}  ${tensor.dtype} [${tensor.shape.join(', ')}]${quantisation}  ${escapeTerminal(tensor.name)}`;
}
