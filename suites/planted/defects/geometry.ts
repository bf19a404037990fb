import type { Site } from '../plant/site.ts';

/** Padding SAME, and so much of it that some window leaves the image. */
export const isSame = (site: Site): boolean => site.option('padding') === 0;

/** 1 for rows and columns whose padding is odd: the side with one element more is the end. */
export function oddPadding(site: Site, kernel: readonly [number, number]): [number, number] {
  if (!isSame(site)) return [0, 0];
  const one = (axis: 0 | 1): number => {
    const [input, output] = [site.input(0).shape[axis + 1] as number, site.output.shape[axis + 1] as number];
    const stride = site.option(axis === 0 ? 'stride_h' : 'stride_w');
    const dilation = site.option(axis === 0 ? 'dilation_h_factor' : 'dilation_w_factor') || 1;
    return Math.max((output - 1) * stride + (kernel[axis] - 1) * dilation + 1 - input, 0) % 2;
  };
  return [one(0), one(1)];
}

/** Steps of NHWC indices in a tensor that is laid out as NCHW. */
export const channelsFirst = ([, rows = 1, columns = 1, channels = 1]: readonly number[]): number[] => [rows * columns * channels, columns, 1, rows * columns];

/** Steps of NHWC indices in a tensor that is laid out as NWHC. */
export const columnsFirst = ([, rows = 1, columns = 1, channels = 1]: readonly number[]): number[] => [rows * columns * channels, channels, rows * channels, 1];
