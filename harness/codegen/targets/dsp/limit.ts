import type { EmitContext } from '../../context.ts';
import type { ProductLayer } from '../../layers/products.ts';

/** Where the bounds of the codes are not those of int8: one pass more over the output. */
export function limitLines(layer: ProductLayer, context: EmitContext): string[] {
  const { low, high, output } = layer;
  return low === -128 && high === 127 ? [] : [`nn_dsp_limit(${context.pointer(output)}, ${output.elements}, ${low}, ${high});`];
}
