/** Most dimensions of a tensor in TFLM (RuntimeShape of kernels/internal/runtime_shape.h). */
export const MAX_DIMENSIONS = 6;

/** A loop over some elements of an output: how often, and how far every operand moves on each time (0: it stays where it is). */
export interface BroadcastLoop {
  readonly extent: number;
  /** One an operand, elements. */
  readonly strides: readonly number[];
}

/** The shape that the operands have together, dimensions aligned at the end; null where they do not fit. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] | null {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 1; axis <= rank; axis++) {
    const sizes = shapes.map((shape) => shape.at(-axis) ?? 1);
    const size = sizes.find((one) => one !== 1) ?? 1;
    if (sizes.some((one) => one !== 1 && one !== size)) return null;
    result.unshift(size);
  }
  return result;
}

/**
 * The loops that visit all elements of the output in order, innermost first; axes along which every operand moves on evenly are one
 * loop, so that operands of equal shape need a single one. In the innermost loop every stride is 0 or 1.
 * @param shapes of the operands
 * @param output their broadcastShape()
 */
export function broadcastLoops(shapes: readonly (readonly number[])[], output: readonly number[]): readonly BroadcastLoop[] {
  const loops: BroadcastLoop[] = [];
  const steps = shapes.map(() => 1);
  for (let axis = 1; axis <= output.length; axis++) {
    const extent = output.at(-axis) ?? 1;
    if (extent === 1) continue;
    const sizes = shapes.map((shape) => shape.at(-axis) ?? 1);
    const strides = sizes.map((size, k) => (size === 1 ? 0 : (steps[k] as number)));
    const inner = loops.at(-1);
    if (inner !== undefined && strides.every((stride, k) => stride === (inner.strides[k] as number) * inner.extent)) {
      loops[loops.length - 1] = { extent: inner.extent * extent, strides: inner.strides };
    } else {
      loops.push({ extent, strides });
    }
    sizes.forEach((size, k) => { steps[k] = (steps[k] as number) * size; });
  }
  return loops.length === 0 ? [{ extent: 1, strides: shapes.map(() => 0) }] : loops;
}

/** For every element of the output, which element of operand `operand` belongs to it. */
export function broadcastIndices(loops: readonly BroadcastLoop[], operand: number): Int32Array {
  let indices = new Int32Array(1);
  for (const { extent, strides } of loops) {
    const inner = indices;
    const stride = strides[operand] as number;
    indices = new Int32Array(inner.length * extent);
    for (let i = 0; i < extent; i++) indices.set(inner.map((index) => index + i * stride), i * inner.length);
  }
  return indices;
}
