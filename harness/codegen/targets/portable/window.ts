import type { WindowGeometry } from '../../layers/window.ts';

/** Initialiser of an nn_window (firmware/kernels/nn_window.h). */
export const windowText = (w: WindowGeometry): string =>
  `{${[w.batches, w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth, w.outputChannels,
    w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth, w.dilationHeight, w.dilationWidth, w.padTop, w.padLeft].join(', ')}}`;

/** One line for a layer's comment. */
export const windowComment = (w: WindowGeometry): string =>
  `  window ${w.kernelHeight}x${w.kernelWidth}, stride ${w.strideHeight}x${w.strideWidth}, dilation ${w.dilationHeight}x${w.dilationWidth}, ` +
  `padding ${w.padTop} above, ${w.padLeft} to the left`;
