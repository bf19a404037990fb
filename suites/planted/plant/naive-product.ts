import { quantizeMultiplier, windowAxis } from '../../../harness/numerics/index.ts';
import { bounds } from './bounds.ts';
import { constantArray, initialiser } from './c-text.ts';
import { codeOf, dims, numbers, stepsOf, type Site } from './site.ts';

/** As naive_product of kernels/naive_product.h. Sizes and steps in elements. */
export interface NaiveProduct {
  batches: number; inRows: number; inColumns: number; outRows: number; outColumns: number; outChannels: number;
  kernelRows: number; kernelColumns: number; depth: number; outputsPerGroup: number;
  strideRows: number; strideColumns: number; dilationRows: number; dilationColumns: number; padRows: number; padColumns: number;
  inSteps: number[]; outSteps: number[]; weightSteps: number[];
  inputZeroPoint: number; weightsZeroPoint: number; outputZeroPoint: number; outside: number; mirrored: number; low: number; high: number;
  rounding: string; accumulator: string;
}

/** A product with its constants; `reals` are the factors input scale * weight scale / output scale, one a channel. */
export interface Product {
  readonly layer: NaiveProduct;
  readonly weights: readonly number[];
  readonly bias: readonly number[];
  readonly reals: readonly number[];
}

export const PRODUCTS = ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'];

/** The scales of a product: of the input, of each output channel, of the output. */
export function productScales(site: Site): { input: number; weights: readonly number[]; output: number } {
  const channels = dims(site.output.shape)[3];
  const scales = site.input(1).quantisation?.scale ?? [];
  return { input: codeOf(site.input(0)).scale, output: codeOf(site.output).scale, weights: Array.from({ length: channels }, (_, c) => scales[scales.length === 1 ? 0 : c] as number) };
}

/** What a CONV_2D, DEPTHWISE_CONV_2D or FULLY_CONNECTED of the model asks for. */
export function productOf(site: Site): Product {
  const [x, w, b] = [site.input(0), site.input(1), site.input(2)];
  const scales = productScales(site);
  return {
    layer: {
      ...(site.operator.name === 'FULLY_CONNECTED' ? flat(site) : sliding(site)),
      inputZeroPoint: codeOf(x).zeroPoint, weightsZeroPoint: codeOf(w).zeroPoint, outputZeroPoint: codeOf(site.output).zeroPoint,
      outside: 0, mirrored: 0, ...bounds(site), rounding: 'NAIVE_DOUBLE', accumulator: 'NAIVE_32_BITS',
    },
    weights: numbers(w), bias: numbers(b), reals: scales.weights.map((scale) => (scales.input * scale) / scales.output),
  };
}

type Geometry = Omit<NaiveProduct, 'inputZeroPoint' | 'weightsZeroPoint' | 'outputZeroPoint' | 'outside' | 'mirrored' | 'low' | 'high' | 'rounding' | 'accumulator'>;

function flat(site: Site): Geometry {
  const [outChannels, depth] = site.input(1).shape as [number, number];
  const one = { inRows: 1, inColumns: 1, outRows: 1, outColumns: 1, kernelRows: 1, kernelColumns: 1, strideRows: 1, strideColumns: 1, dilationRows: 1, dilationColumns: 1, padRows: 0, padColumns: 0 };
  return { ...one, batches: site.output.shape[0] as number, outChannels, depth, outputsPerGroup: outChannels, inSteps: [depth, depth, depth, 1], outSteps: [outChannels, outChannels, outChannels, 1], weightSteps: [depth, 0, 0, 1] };
}

function sliding(site: Site): Geometry {
  const [batches, inRows, inColumns, inChannels] = dims(site.input(0).shape);
  const [, outRows, outColumns, outChannels] = dims(site.output.shape);
  const isDepthwise = site.operator.name === 'DEPTHWISE_CONV_2D';
  const shape = site.input(1).shape as [number, number, number, number];
  const [, kernelRows, kernelColumns] = shape;
  const depth = isDepthwise ? 1 : shape[3];
  const [strideRows, strideColumns] = [site.option('stride_h'), site.option('stride_w')];
  const [dilationRows, dilationColumns] = [site.option('dilation_h_factor') || 1, site.option('dilation_w_factor') || 1];
  const weightSteps = stepsOf(shape);
  return {
    batches, inRows, inColumns, outRows, outColumns, outChannels, kernelRows, kernelColumns, depth, outputsPerGroup: outChannels / (inChannels / depth),
    strideRows, strideColumns, dilationRows, dilationColumns,
    padRows: windowAxis(site.option('padding'), inRows, kernelRows, strideRows, dilationRows).padBefore,
    padColumns: windowAxis(site.option('padding'), inColumns, kernelColumns, strideColumns, dilationColumns).padBefore,
    inSteps: stepsOf(site.input(0).shape), outSteps: stepsOf(site.output.shape),
    weightSteps: isDepthwise ? [1, weightSteps[1] as number, weightSteps[2] as number, 0] : weightSteps,
  };
}

/** The layer's function: the naive kernel on a copy of the input, which may lie where the output goes. */
export function productBody(site: Site, { layer, weights, bias, reals }: Product): string {
  const factors = reals.map((real) => ({ ...fixedPoint(real), real }));
  return [
    constantArray('int8_t', 'weights', weights), constantArray('int32_t', 'bias', bias), constantArray('naive_factor', 'factors', factors),
    `  static const naive_product layer = ${initialiser({ ...layer, weights: 'weights', bias: 'bias', factors: 'factors' })};\n`,
    copyOfInput(site, 0, 'input'), `  naive_run_product(&layer, input, ${site.address(site.output)});\n`,
  ].join('');
}

export function fixedPoint(real: number): { multiplier: number; exponent: number } {
  const { multiplier, shift } = quantizeMultiplier(real);
  return { multiplier, exponent: shift };
}

export const copyOfInput = (site: Site, k: number, name: string): string => {
  const tensor = site.input(k);
  return `  static int8_t ${name}[${tensor.elements}];\n  memcpy(${name}, ${site.address(tensor)}, sizeof ${name});\n`;
};
