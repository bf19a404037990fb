import type { Kernel, OperatorContext } from '../../context.ts';
import type { Layer } from '../../fast/layer.ts';
import { layerKernel } from '../../fast/layer-kernel.ts';
import type { Product } from './operands.ts';
import type { Window } from './window.ts';

/** What the operators do differently. */
export type WindowForm = Pick<Layer, 'isDepthwise' | 'groups' | 'depth'> & {
  /** Where the weights have the one of an output channel. */
  readonly weightAt: (channel: number, kernelRow: number, kernelColumn: number, k: number) => number;
};

/** The product on WebAssembly kernels; null where it has no form for them, so that the plain path runs it. */
export function fastWindow(context: OperatorContext, product: Product, window: Window, form: WindowForm): Kernel | null {
  const { fixed, input, output, weights, weightsZeroPoint } = product;
  const { engine } = context;
  if (engine === null || fixed === null || !(input instanceof Int8Array) || !(output instanceof Int8Array) || output.length === 0) return null;
  const { weightAt, ...shape } = form;
  const layer: Layer = {
    ...window, ...shape, isWide: false, inputZeroPoint: product.inputZeroPoint, outputZeroPoint: fixed.zeroPoint, least: fixed.least, greatest: fixed.greatest,
    weight: (channel, row, column, k) => (weights[weightAt(channel, row, column, k)] as number) - weightsZeroPoint,
    factors: Array.from({ length: window.outputDepth }, (_, channel) => {
      const { multiplier, shift } = fixed.factors[fixed.factors.length > 1 ? channel : 0] as (typeof fixed.factors)[number];
      return { multiplier, shift, start: fixed.bias?.[channel] ?? 0 };
    }),
  };
  return layerKernel(engine, layer, window.batches, input, output);
}
