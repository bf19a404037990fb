import { windowAxis } from '../../../numerics/index.ts';
import type { OperatorContext } from '../../context.ts';

/** A two-dimensional sliding window over NHWC tensors; sizes in elements. */
export interface Window {
  readonly batches: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputDepth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputDepth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  /** Rows and columns of padding before the first element. */
  readonly padTop: number;
  readonly padLeft: number;
}

/**
 * The window that the operator's options describe.
 * @param input [batches, height, width, depth]
 * @param output as the input
 * @throws HilError 'config' reference.unsupported where the output has another size than follows from them
 */
export function readWindow(context: OperatorContext, input: readonly number[], output: readonly number[], kernelHeight: number, kernelWidth: number): Window {
  const { options } = context.operator;
  context.require(input.length === 4 && output.length === 4, `input [${input.join()}] and output [${output.join()}] have not four axes`);
  context.require([...input, ...output, kernelHeight, kernelWidth].every((size) => size > 0), 'a tensor is empty');
  const [batches, inputHeight, inputWidth, inputDepth] = input as [number, number, number, number];
  const [, outputHeight, outputWidth, outputDepth] = output as [number, number, number, number];
  const number = (name: string, fallback: number): number => Number(options[name] ?? fallback);
  const [strideHeight, strideWidth] = [number('stride_h', 0), number('stride_w', 0)];
  const [dilationHeight, dilationWidth] = [number('dilation_h_factor', 1), number('dilation_w_factor', 1)];
  context.require(Math.min(strideHeight, strideWidth, dilationHeight, dilationWidth) > 0, 'a stride or dilation is not positive');
  const rows = windowAxis(number('padding', 0), inputHeight, kernelHeight, strideHeight, dilationHeight);
  const columns = windowAxis(number('padding', 0), inputWidth, kernelWidth, strideWidth, dilationWidth);
  const expected = [batches, rows.outputSize, columns.outputSize, outputDepth];
  context.require(output.join() === expected.join(), `output [${output.join()}], not [${expected.join()}]`);
  return {
    batches, inputHeight, inputWidth, inputDepth, outputHeight, outputWidth, outputDepth, kernelHeight, kernelWidth,
    strideHeight, strideWidth, dilationHeight, dilationWidth, padTop: rows.padBefore, padLeft: columns.padBefore,
  };
}

/** Calls `visit` for every position of the kernel that lies inside the image, rows first. The rest of the window is zero. */
export function eachTap(window: Window, outputRow: number, outputColumn: number, visit: (kernelRow: number, kernelColumn: number, inputRow: number, inputColumn: number) => void): void {
  for (let kernelRow = 0; kernelRow < window.kernelHeight; kernelRow++) {
    const inputRow = outputRow * window.strideHeight - window.padTop + kernelRow * window.dilationHeight;
    if (inputRow < 0 || inputRow >= window.inputHeight) continue;
    for (let kernelColumn = 0; kernelColumn < window.kernelWidth; kernelColumn++) {
      const inputColumn = outputColumn * window.strideWidth - window.padLeft + kernelColumn * window.dilationWidth;
      if (inputColumn >= 0 && inputColumn < window.inputWidth) visit(kernelRow, kernelColumn, inputRow, inputColumn);
    }
  }
}
