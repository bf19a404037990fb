import type { ProductLayer } from '../../layers/products.ts';
import { describe } from '../../operators/refusal.ts';

/** Lines for the comment above a layer with weights. */
export function productComment(layer: ProductLayer): string[] {
  return [
    describe('input', layer.input),
    describe('weights', layer.filter),
    ...(layer.bias === null ? ['  no bias'] : [describe('bias', layer.bias)]),
    describe('output', layer.output),
    `  ${layer.macs} multiply-adds, output codes limited to ${layer.low}..${layer.high}`,
  ];
}
