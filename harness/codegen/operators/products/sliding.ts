import type { EmitContext, LayerPlan } from '../../context.ts';
import type { WindowGeometry } from '../../layers/window.ts';
import { windowComment, windowText } from '../../targets/portable/window.ts';
import { describe, need } from '../refusal.ts';
import type { Arithmetic, ProductOperands } from './arithmetic.ts';

/** Where a kernel finds the weights of an output channel and of a tap. */
export interface WeightLayout {
  readonly groups: number;
  readonly channelStep: number;
  readonly tapStep: number;
}

/** A window that slides, in any type and shape; see nn_run_sliding in firmware/kernels/nn_products.h. */
export function planSliding(operands: ProductOperands, arithmetic: Arithmetic, window: WindowGeometry, layout: WeightLayout): LayerPlan {
  const { groups, channelStep, tapStep } = layout;
  need(groups <= 0xffff, 'more than 65535 groups');
  const text = windowText(window);
  const layer = `{${text}, ${groups}, ${window.outputChannels / groups}, ${window.inputChannels / groups}, ${channelStep}, ${tapStep}}`;
  const emit: LayerPlan['emit'] = (context) => ({
    comment: [...productLines(operands), windowComment(window)],
    body: [
      `static const nn_sliding layer = ${layer};`,
      arithmetic.define(context),
      `nn_run_sliding_${arithmetic.ending}(&layer, &product, ${pointers(operands, context).join(', ')});`,
    ],
    state: [],
    headers: [`nn_product_${arithmetic.ending}.h`],
  });
  return { scratchBytes: 0, emit };
}

/** C expressions of input, weights, bias and output. */
export const pointers = ({ input, weights, bias, output }: ProductOperands, context: EmitContext): string[] =>
  [context.operand(input), context.operand(weights), bias === null ? 'NULL' : context.operand(bias), context.pointer(output)];

/** Lines for the comment above the layer. */
export const productLines = ({ input, weights, bias, output }: ProductOperands): string[] =>
  [describe('input', input), describe('weights', weights), ...(bias === null ? ['  no bias'] : [describe('bias', bias)]), describe('output', output)];
