import type { WindowGeometry } from '../../layers/window.ts';
import { need } from '../../operators/refusal.ts';

/** Initialiser of an nn_window (firmware/kernels/nn_window.h). Throws Refusal where a size has more than 16 bits. */
export function windowText(w: WindowGeometry): string {
  const sizes = [w.batches, w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth, w.outputChannels,
    w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth, w.dilationHeight, w.dilationWidth, w.padTop, w.padLeft];
  need(sizes.every((size) => size <= 0xffff), 'a dimension is greater than 65535');
  return `{${sizes.join(', ')}}`;
}

/** One line for a layer's comment. */
export const windowComment = (w: WindowGeometry): string =>
  `  window ${w.kernelHeight}x${w.kernelWidth}, stride ${w.strideHeight}x${w.strideWidth}, dilation ${w.dilationHeight}x${w.dilationWidth}, ` +
  `padding ${w.padTop} above, ${w.padLeft} to the left`;
