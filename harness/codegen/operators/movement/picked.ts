import type { Tensor } from '../../../model/graph.ts';
import type { EmitContext, LayerPlan } from '../../context.ts';
import { describe, need } from '../refusal.ts';
import { alignmentOf, copyLayer, elementBytes, product, strides, unitOf, type Axis } from './strided.ts';

/** One table an axis of the output: which index of the input its indices take. */
type Tables = readonly (readonly number[])[];

/** output[i][j]... = input[tables[0][i]][tables[1][j]]...: as loops where every table counts evenly, else with the tables in flash. */
export function pickedLayer(input: Tensor, output: Tensor, tables: Tables, details: string): LayerPlan {
  need(output.elements > 0, 'the output is empty');
  tables.forEach((table, axis) => need(table.every((index) => index >= 0 && index < (input.shape[axis] as number) && index <= 0xffff), `axis ${axis} of the input is left`));
  const from = strides(input.shape);
  const to = strides(output.shape);
  const loops = tables.map((table, axis) => loopsOf(table, from[axis] as number, to[axis] as number));
  if (loops.every((axes) => axes !== null)) {
    const start = tables.reduce((sum, table, axis) => sum + (table[0] as number) * (from[axis] as number), 0);
    return copyLayer([{ input, output, from: start, axes: loops.flat() }], [details]);
  }
  return {
    scratchBytes: 0,
    emit: (context) => ({ comment: [describe('input', input), describe('output', output), details], body: statements(context, input, output, tables), state: [], headers: ['nn_picked_copy.h'] }),
  };
}

/** A table that goes on evenly, or that repeats every index equally often from 0 on, as loops; null for any other. */
function loopsOf(table: readonly number[], from: number, to: number): Axis[] | null {
  const [first = 0, second = first] = table;
  if (table.every((index, i) => index === first + i * (second - first))) return [{ count: table.length, from: (second - first) * from, to }];
  const times = table.filter((index) => index === first).length;
  const repeats = table.length % times === 0 && table.every((index, i) => index === first + Math.floor(i / times));
  return repeats ? [{ count: table.length / times, from, to: times * to }, { count: times, from: 0, to }] : null;
}

function statements(context: EmitContext, input: Tensor, output: Tensor, tables: Tables): string[] {
  const bytes = elementBytes(output);
  const step = strides(input.shape);
  const isWhole = (table: readonly number[], axis: number): boolean => table.length === input.shape[axis] && table.every((index, i) => index === i);
  // Whole axes at the end are one run.
  const rank = tables.findLastIndex((table, axis) => !isWhole(table, axis)) + 1;
  const run = product(input.shape.slice(rank)) * bytes;
  const axes = tables.slice(0, rank).map((table, axis) => ({ table, axis })).filter(({ table, axis }) => !(isWhole(table, axis) && table.length === 1));
  const lines = axes.map(({ table, axis }) => `static const uint16_t source_${axis}[${table.length}] = {${table.join(', ')}};`);
  const rows = axes.map(({ table, axis }) => `{source_${axis}, ${table.length}, ${(step[axis] as number) * bytes}}`);
  const unit = unitOf(Math.min(alignmentOf(input), alignmentOf(output)), [run, ...axes.map(({ axis }) => (step[axis] as number) * bytes)]);
  return [
    ...lines,
    `static const nn_picked_axis axes[${axes.length}] = {${rows.join(', ')}};`,
    `static const nn_picked_copy copy = {axes, ${axes.length}, ${run}, ${unit}};`,
    `nn_run_picked_copy(&copy, ${context.operand(input)}, ${context.pointer(output)});`,
  ];
}
