import { BYTES_PER_ELEMENT, type Tensor } from '../../../model/graph.ts';
import type { EmitContext, LayerPlan } from '../../context.ts';
import { describe, need } from '../refusal.ts';

/** One loop of a copy, in elements. */
export interface Axis {
  readonly count: number;
  /** From one index to the next in the input: 0 repeats, negative goes backwards. */
  readonly from: number;
  /** The same in the output. */
  readonly to: number;
}

/** Loops that one copy may have: NN_AXES of nn_strided_copy.h. */
export const MAX_LOOPS = 6;

/** output[to + sum(i * axis.to)] = input[from + sum(i * axis.from)] for all indices i. */
export interface StridedCopy {
  readonly input: Tensor;
  readonly output: Tensor;
  /** Outermost first. */
  readonly axes: readonly Axis[];
  /** Elements before the first one of the input; default 0. */
  readonly from?: number;
  readonly to?: number;
}

/** A copy as nn_strided_copy.h has it: runs of bytes, and loops over them in bytes. */
export interface Runs {
  readonly axes: readonly Axis[];
  readonly run: number;
  /** 1, 2 or 4 bytes, of which all addresses and distances are multiples. */
  readonly unit: number;
}

/** Elements from one index of an axis to the next, row-major. */
export const strides = (shape: readonly number[]): number[] => shape.map((_, axis) => product(shape.slice(axis + 1)));

export const product = (values: readonly number[]): number => values.reduce((all, value) => all * value, 1);

/** Bytes of an element. Throws Refusal for types that have no whole bytes. */
export function elementBytes({ dtype, index }: Tensor): number {
  const bytes = BYTES_PER_ELEMENT[dtype];
  need([1, 2, 4, 8].includes(bytes), `tensor ${index} is ${dtype}`);
  return bytes;
}

/** Loops over neighbours on both sides made one, those of a single index left out. */
export function mergeAxes(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = [];
  for (const axis of axes) {
    const outer = merged.at(-1);
    if (axis.count === 1) continue;
    if (outer !== undefined && outer.from === axis.count * axis.from && outer.to === axis.count * axis.to) merged.splice(-1, 1, { ...axis, count: outer.count * axis.count });
    else merged.push(axis);
  }
  return merged;
}

/**
 * The innermost axis as a run of bytes where its elements lie together, the other axes in bytes.
 * @param inOrder the runs must ascend in the output, as the axes do
 * @param more further distances in elements that the unit must divide
 */
export function runsOf({ input, output, axes, from = 0, to = 0 }: StridedCopy, inOrder = false, more: readonly number[] = []): Runs {
  const bytes = elementBytes(output);
  const merged = mergeAxes(axes);
  const inner = merged.at(-1);
  const together = inner !== undefined && inner.from === 1 && inner.to === 1;
  const loops = (together ? merged.slice(0, -1) : merged).map(({ count, from: f, to: t }) => ({ count, from: f * bytes, to: t * bytes }));
  const run = (together ? inner.count : 1) * bytes;
  const distances = [run, ...[from, to, ...more].map((elements) => elements * bytes), ...loops.flatMap((axis) => [axis.from, axis.to])];
  // Any order of the loops is the same copy; the longest one inside is the quickest.
  const ordered = inOrder ? loops : loops.toSorted((a, b) => a.count - b.count);
  return { axes: ordered, run, unit: unitOf(Math.min(alignmentOf(input), alignmentOf(output)), distances) };
}

/** The largest unit of 1, 2 and 4 bytes in which all distances can be counted. */
export const unitOf = (alignment: number, distances: readonly number[]): number =>
  [4, 2].find((unit) => unit <= alignment && distances.every((distance) => distance % unit === 0)) ?? 1;

/** Bytes: activations lie in the arena, constants and state are arrays of their type. */
export const alignmentOf = (tensor: Tensor): number => (tensor.data === null && !tensor.isVariable ? 16 : elementBytes(tensor));

const axisText = ({ count, from, to }: Axis): string => `{${count}, ${from}, ${to}}`;

/** Definitions of axes and copies, the same one once for a layer. */
export class CopyTables {
  readonly lines: string[] = [];
  readonly #names = new Map<string, string>();

  /** Initialiser of an nn_strided_copy, whose axes are defined in `lines`. */
  initialiser({ axes, run, unit }: Runs): string {
    const loops = axes.length === 0 ? [{ count: 1, from: 0, to: 0 }] : axes;
    const table = this.#define('nn_axis', 'axes', `[${loops.length}] = {${loops.map(axisText).join(', ')}}`);
    return `{${table}, ${loops.length}, ${run}, ${unit}}`;
  }

  /** Name of an nn_strided_copy. */
  copy(runs: Runs): string {
    return this.#define('nn_strided_copy', 'copy', ` = ${this.initialiser(runs)}`);
  }

  #define(type: string, stem: string, text: string): string {
    const key = `${type}${text}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `${stem}_${[...this.#names.keys()].filter((other) => other.startsWith(type)).length}`;
    this.#names.set(key, name);
    this.lines.push(`static const ${type} ${name}${text};`);
    return name;
  }
}

const place = (pointer: string, offset: number): string => (offset === 0 ? pointer : `&${pointer}[${offset}]`);

/** The plan of a layer that does these copies, none of which depends on another. */
export function copyLayer(copies: readonly StridedCopy[], details: readonly string[] = []): LayerPlan {
  for (const { output, axes } of copies) {
    need(output.elements > 0 && axes.every(({ count }) => count > 0), `tensor ${output.index} is empty`);
    need(mergeAxes(axes).length <= MAX_LOOPS, `more than ${MAX_LOOPS} loops`);
  }
  const tensors = new Map([...copies.map(({ input }) => [input, 'input'] as const), ...copies.map(({ output }) => [output, 'output'] as const)]);
  const comment = [...[...tensors].map(([tensor, role]) => describe(role, tensor)), ...details];
  const unchanged = copies.length === 1 && copies.every(isUnchanged);
  return {
    scratchBytes: 0,
    view: unchanged,
    emit(context) {
      if (unchanged && copies.every(({ input, output }) => context.plan.sameBuffer(input.index, output.index))) {
        return { comment: [...comment, '  nothing to do: both are the same bytes of the arena'], body: [], state: [], headers: [] };
      }
      return { comment, body: copyStatements(context, copies), state: [], headers: ['nn_strided_copy.h'] };
    },
  };
}

/** True where all elements of the input are those of the output, in the same order. */
function isUnchanged({ input, output, axes, from = 0, to = 0 }: StridedCopy): boolean {
  const [axis, ...more] = mergeAxes(axes);
  if (input.elements !== output.elements || from !== 0 || to !== 0 || more.length > 0) return false;
  return axis === undefined ? output.elements === 1 : axis.count === output.elements && axis.from === 1 && axis.to === 1;
}

function copyStatements(context: EmitContext, copies: readonly StridedCopy[]): string[] {
  const tables = new CopyTables();
  const calls = copies.map((copy) => {
    const runs = runsOf(copy);
    const from = place(context.operand(copy.input), copy.from ?? 0);
    const to = place(context.pointer(copy.output), copy.to ?? 0);
    return runs.axes.length === 0 ? `nn_copy_run(${from}, ${to}, ${runs.run}, ${runs.unit});` : `nn_run_strided_copy(&${tables.copy(runs)}, ${from}, ${to});`;
  });
  return [...tables.lines, ...calls];
}
