import type { Tensor } from '../../model/graph.ts';
import { BYTES_PER_ELEMENT } from '../../model/graph.ts';
import { cTypeOf } from '../c-types.ts';
import type { EmitContext, LayerCode, LayerPlan } from '../context.ts';
import { describe } from './refusal.ts';

/** The one pair that a layer of one element after the other may compute in place. */
const IN_PLACE = [{ output: 0, input: 0 }] as const;

type Code = Pick<LayerCode, 'body' | 'headers'> & Partial<Pick<LayerCode, 'units'>>;

/**
 * The plan of a layer that makes element i of the output of element i of the input.
 * @param code given the C expressions of both
 */
export function elementPlan(input: Tensor, output: Tensor, note: readonly string[], code: (from: string, to: string, context: EmitContext) => Code): LayerPlan {
  const comment = [describe('input', input), describe('output', output), ...note.map((line) => `  ${line}`)];
  return {
    scratchBytes: 0,
    // An output of wider elements would overwrite inputs that are still to be read; and C lets bytes alone share memory with other types.
    ...(input.dtype === output.dtype || BYTES_PER_ELEMENT[output.dtype] === 1 ? { inPlace: IN_PLACE } : {}),
    emit: (context) => ({ comment, state: [], ...code(context.operand(input), context.pointer(output), context) }),
  };
}

/** C lines of a loop that makes y[i] of `v`, which is x[i]. */
export function loopOver(input: Tensor, output: Tensor, from: string, to: string, lines: readonly string[]): string[] {
  return [
    `const ${cTypeOf(input.dtype)} *x = ${from};`,
    `${cTypeOf(output.dtype)} *y = ${to};`,
    `for (int32_t i = 0; i < ${output.elements}; i++) {`,
    `  const ${cTypeOf(input.dtype)} v = x[i];`,
    ...lines.map((line) => `  ${line}`),
    '}',
  ];
}

/** The plan of a layer whose output is the bytes of its input. */
export function copyPlan(input: Tensor, output: Tensor, note: readonly string[]): LayerPlan {
  const comment = [describe('input', input), describe('output', output), ...note.map((line) => `  ${line}`)];
  return {
    scratchBytes: 0,
    view: true,
    emit(context) {
      if (context.plan.sameBuffer(input.index, output.index)) {
        return { comment: [...comment, '  nothing to do: both are the same bytes of the arena'], body: [], state: [], headers: [] };
      }
      const bytes = output.elements * BYTES_PER_ELEMENT[output.dtype];
      return { comment, body: [`memcpy(${context.pointer(output)}, ${context.operand(input)}, ${bytes});`], state: [], headers: [] };
    },
  };
}
