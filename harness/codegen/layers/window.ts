import type { Operator, Tensor } from '../../model/graph.ts';
import { windowAxis } from '../../numerics/index.ts';
import { need } from '../operators/refusal.ts';

/** Shapes of a two-dimensional sliding window over NHWC tensors; sizes in elements. */
export interface WindowGeometry {
  readonly batches: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  /** Rows and columns of padding before the first element of the input. */
  readonly padTop: number;
  readonly padLeft: number;
}

/** Geometry from the operator's options. Throws Refusal where the output does not have the size that follows from them. */
export function readWindow(operator: Operator, input: Tensor, output: Tensor, kernelHeight: number, kernelWidth: number): WindowGeometry {
  need(input.shape.length === 4 && output.shape.length === 4, 'input and output must have four dimensions');
  need(input.elements > 0 && output.elements > 0, 'a dimension is 0');
  const number = (name: string, fallback: number): number => Number(operator.options[name] ?? fallback);
  const [batches = 0, inputHeight = 0, inputWidth = 0, inputChannels = 0] = input.shape;
  const [outputBatches = 0, outputHeight = 0, outputWidth = 0, outputChannels = 0] = output.shape;
  const [strideHeight, strideWidth] = [number('stride_h', 0), number('stride_w', 0)];
  const [dilationHeight, dilationWidth] = [number('dilation_h_factor', 1), number('dilation_w_factor', 1)];
  need(strideHeight > 0 && strideWidth > 0 && dilationHeight > 0 && dilationWidth > 0, 'strides and dilations must be positive');
  need(kernelHeight > 0 && kernelWidth > 0, 'the kernel is empty');
  const rows = windowAxis(number('padding', 0), inputHeight, kernelHeight, strideHeight, dilationHeight);
  const columns = windowAxis(number('padding', 0), inputWidth, kernelWidth, strideWidth, dilationWidth);
  need(outputBatches === batches && outputHeight === rows.outputSize && outputWidth === columns.outputSize,
    `the output is [${output.shape.join(', ')}], not [${batches}, ${rows.outputSize}, ${columns.outputSize}, ...]`);
  return {
    batches, inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, outputChannels, kernelHeight, kernelWidth,
    strideHeight, strideWidth, dilationHeight, dilationWidth, padTop: rows.padBefore, padLeft: columns.padBefore,
  };
}
