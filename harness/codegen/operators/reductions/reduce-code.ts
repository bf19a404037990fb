import type { LayerPlan } from '../../context.ts';
import { describe } from '../refusal.ts';
import type { ReducedAxes } from './reduced-axes.ts';

/**
 * The plan of a reduction.
 * @param kernel name of the function in firmware/kernels/nn_reduce.h
 * @param fields of the nn_reduce beside the axes, as initialiser lines
 */
export function reducePlan(axes: ReducedAxes, kernel: string, fields: readonly string[] = []): LayerPlan {
  const list = (name: string, entries: ReducedAxes['kept']): string => `  .${name} = {${entries.map(({ count, step }) => `{${count}, ${step}}`).join(', ')}},`;
  return {
    scratchBytes: 0,
    emit: (context) => ({
      comment: [describe('input', axes.input), describe('output', axes.output), `  ${axes.count} elements fall into one`],
      body: [
        'static const nn_reduce layer = {',
        list('kept', axes.kept),
        list('reduced', axes.reduced),
        ...fields,
        '};',
        `${kernel}(&layer, ${context.operand(axes.input)}, ${context.pointer(axes.output)});`,
      ],
      state: [],
      headers: ['nn_reduce.h'],
    }),
  };
}
