import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { readResize, type Resize } from './resize.ts';
import { requireType } from './walk.ts';

const { fround } = Math;

/**
 * Between the four nearest pixels: int8 with positions in 1/1024 pixel and ties away from zero, float32 in the order of TFLM's
 * operations. (TFLM micro/kernels/resize_bilinear.cc, kernels/internal/reference/resize_bilinear.h)
 */
export const resizeBilinear: OperatorReference = {
  name: 'RESIZE_BILINEAR',
  supports: 'float32, int8; constant size, align_corners or half_pixel_centers',
  prepare(context: OperatorContext) {
    const resize = readResize(context);
    context.require(!(resize.alignCorners && resize.halfPixelCenters), 'has align_corners and half_pixel_centers');
    requireType(context, resize.input, ['float32', 'int8'], 'input');
    return resize.input.tensor.dtype === 'int8' ? prepareInt8(context, resize) : prepareFloat(context, resize);
  },
};

/** Where an output row (or column) lies between two of the input: `fraction` of the way from `low` to `high`. */
interface Position {
  readonly low: number;
  readonly high: number;
  /** In 1/1024 for int8; may be negative or reach 1 where low and high are the same. */
  readonly fraction: number;
}

function positions(context: OperatorContext, resize: Resize, axis: number, position: (at: number, size: number, outSize: number) => Position): Position[] {
  const size = resize.input.tensor.shape[axis] as number;
  const outSize = resize.output.tensor.shape[axis] as number;
  return Array.from({ length: outSize }, (_, at) => {
    const found = position(at, size, outSize);
    context.require(found.low < size && found.high >= 0, `TFLM reads pixel ${found.low} of ${size}: its scale is rounded up`);
    return found;
  });
}

function prepareInt8(context: OperatorContext, resize: Resize): Kernel {
  const position = (at: number, size: number, outSize: number): Position => {
    const [pixels, steps] = resize.alignCorners && outSize > 1 ? [size - 1, outSize - 1] : [size, outSize];
    const scale = Math.trunc((1024 * pixels + Math.trunc(steps / 2)) / steps);
    const exact = resize.halfPixelCenters ? at * scale + Math.trunc(scale / 2) - 512 : at * scale;
    const low = Math.max(Math.trunc(exact / 1024), 0);
    return { low, high: Math.min(Math.trunc((exact + 1023) / 1024), size - 1), fraction: exact - 1024 * low };
  };
  return interpolate(resize, positions(context, resize, 1, position), positions(context, resize, 2, position), (a, b, c, d, y, x) => {
    const sum = a * (1024 - y) * (1024 - x) + b * y * (1024 - x) + c * (1024 - y) * x + d * y * x;
    return Math.trunc((sum + (sum > 0 ? 2 ** 19 : -(2 ** 19))) / 2 ** 20);
  });
}

function prepareFloat(context: OperatorContext, resize: Resize): Kernel {
  const position = (at: number, size: number, outSize: number): Position => {
    const scale = fround(resize.alignCorners && outSize > 1 ? (size - 1) / (outSize - 1) : size / outSize);
    const exact = resize.halfPixelCenters ? fround(fround(fround(at + 0.5) * scale) - 0.5) : fround(at * scale);
    const low = Math.max(Math.floor(exact), 0);
    return { low, high: Math.min(Math.ceil(exact), size - 1), fraction: fround(exact - low) };
  };
  return interpolate(resize, positions(context, resize, 1, position), positions(context, resize, 2, position), (a, b, c, d, y, x) => {
    const restY = fround(1 - y);
    const restX = fround(1 - x);
    const left = fround(fround(fround(a * restY) * restX) + fround(fround(b * y) * restX));
    // TFLM adds 0 at the end, which turns -0 into 0.
    return fround(fround(left + fround(fround(c * restY) * x)) + fround(fround(d * y) * x)) + 0;
  });
}

/** `blend` gets the pixels upper left, lower left, upper right, lower right, and the fractions down and to the right. */
function interpolate({ input, output }: Resize, rows: readonly Position[], columns: readonly Position[], blend: (a: number, b: number, c: number, d: number, y: number, x: number) => number): Kernel {
  const [batches = 0, height = 0, width = 0, channels = 0] = input.tensor.shape;
  const from = input.data as Float32Array | Int8Array;
  return () => {
    let next = 0;
    for (let batch = 0; batch < batches; batch++) {
      const pixel = (row: number, column: number, channel: number): number => from[((batch * height + row) * width + column) * channels + channel] as number;
      for (const y of rows) {
        for (const x of columns) {
          for (let k = 0; k < channels; k++) {
            output.data[next++] = blend(pixel(y.low, x.low, k), pixel(y.high, x.low, k), pixel(y.low, x.high, k), pixel(y.high, x.high, k), y.fraction, x.fraction);
          }
        }
      }
    }
  };
}
