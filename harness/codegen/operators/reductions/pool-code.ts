import type { LayerPlan } from '../../context.ts';
import { floatText } from '../../constants.ts';
import type { PoolLayer, PoolType } from '../../layers/pool.ts';
import { windowComment, windowText } from '../../targets/portable/window.ts';
import { describe } from '../refusal.ts';

const SUFFIX: Readonly<Record<PoolType, string>> = { int8: 'int8', int16: 'int16', float32: 'float' };

/**
 * The plan of a pooling layer whose kernel is nn_run_<kernel>_<type>.
 * @param kernel e.g. 'max_pool', in nn_max_pool.h
 */
export function poolPlan(layer: PoolLayer, kernel: string): LayerPlan {
  const isFloat = layer.dtype === 'float32';
  const bound = (value: number): string => (isFloat ? floatText(value) : String(value));
  return {
    scratchBytes: 0,
    emit: (context) => ({
      comment: [describe('input', layer.input), describe('output', layer.output), windowComment(layer)],
      body: [
        `static const ${isFloat ? 'nn_pool_float' : 'nn_pool'} layer = {`,
        `  .window = ${windowText(layer)},`,
        `  .low = ${bound(layer.low)}, .high = ${bound(layer.high)},`,
        '};',
        `nn_run_${kernel}_${SUFFIX[layer.dtype]}(&layer, ${context.operand(layer.input)}, ${context.pointer(layer.output)});`,
      ],
      state: [],
      headers: [`nn_${kernel}.h`],
    }),
  };
}

/** Pixels whose int8 codes add up in 16 bits, rounding included. */
const MOST_PIXELS = 255;

/** Whether the codes of a window add up in 16-bit lanes. */
export const fitsLanes = (layer: PoolLayer): boolean =>
  layer.dtype === 'int8' && Math.min(layer.kernelHeight, layer.inputHeight) * Math.min(layer.kernelWidth, layer.inputWidth) <= MOST_PIXELS;
