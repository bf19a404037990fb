import type { LayerPlan } from '../../context.ts';
import type { PoolLayer } from '../../layers/pool.ts';
import { poolPlan } from '../../operators/reductions/pool-code.ts';

/** Pixels whose int8 codes add up in 16 bits, rounding included. */
const MOST_PIXELS = 255;

/** AVERAGE_POOL_2D int8 with MVE; see firmware/kernels/nn_average_pool_helium.h. */
export function averagePool(layer: PoolLayer): LayerPlan | null {
  const pixels = Math.min(layer.kernelHeight, layer.inputHeight) * Math.min(layer.kernelWidth, layer.inputWidth);
  return layer.dtype === 'int8' && pixels <= MOST_PIXELS ? poolPlan(layer, 'average_pool_helium') : null;
}
