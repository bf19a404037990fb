import { windowAxis } from '../../../numerics/index.ts';
import type { OperatorContext } from '../../context.ts';

/** A pooling window over NHWC tensors. */
export interface PoolWindow {
  readonly depth: number;
  /** Elements from one row of the input to the next. */
  readonly rowStep: number;
  /** Greatest number of pixels in a window. */
  readonly pixels: number;
  /**
   * Calls `visit` for every position of the output. The window's part inside the image is `rows` x `columns` pixels, which is never
   * empty; `from` and `to` are the elements of channel 0 of its first pixel and of the output pixel.
   */
  forEach(visit: (from: number, to: number, rows: number, columns: number) => void): void;
}

/**
 * The window of a pooling operator. Padding is not part of it: windows are cut at the image's borders.
 * (TFLM micro/kernels/pooling_common.cc, CalculateOpDataPooling)
 * @throws HilError 'config' reference.unsupported where input, options and output do not fit each other
 */
export function readPoolWindow(context: OperatorContext): PoolWindow {
  const { options } = context.operator;
  const input = context.input(0, 'input').tensor.shape;
  const output = context.output().tensor.shape;
  context.require(input.length === 4 && output.length === 4, 'input and output must have four dimensions');
  context.require(input.every((n) => n > 0), `input [${input.join()}] is empty`);
  const [batches, height, width, depth] = input as [number, number, number, number];
  const [kernelHeight, kernelWidth] = [Number(options.filter_height), Number(options.filter_width)];
  const [strideHeight, strideWidth] = [Number(options.stride_h), Number(options.stride_w)];
  context.require(Math.min(kernelHeight, kernelWidth, strideHeight, strideWidth) > 0, `window ${kernelHeight}x${kernelWidth}, stride ${strideHeight}x${strideWidth}`);
  const y = windowAxis(Number(options.padding), height, kernelHeight, strideHeight);
  const x = windowAxis(Number(options.padding), width, kernelWidth, strideWidth);
  const shape = [batches, y.outputSize, x.outputSize, depth];
  context.require(output.join() === shape.join() && output.every((n) => n > 0), `output [${output.join()}], not [${shape.join()}]`);
  const columns = spans(x.outputSize, x.padBefore, strideWidth, kernelWidth, width);
  const rows = spans(y.outputSize, y.padBefore, strideHeight, kernelHeight, height);
  return {
    depth, rowStep: width * depth, pixels: Math.min(kernelHeight, height) * Math.min(kernelWidth, width),
    forEach(visit) {
      let to = 0;
      for (let batch = 0; batch < batches; batch++) {
        for (const row of rows) {
          for (const column of columns) {
            visit(((batch * height + row.first) * width + column.first) * depth, to, row.count, column.count);
            to += depth;
          }
        }
      }
    },
  };
}

/** The part of every window along one axis that is inside the image. */
function spans(outputSize: number, padBefore: number, stride: number, kernel: number, size: number): { first: number; count: number }[] {
  return Array.from({ length: outputSize }, (_, at) => {
    const origin = at * stride - padBefore;
    const first = Math.max(0, origin);
    return { first, count: Math.min(size, origin + kernel) - first };
  });
}
