import type { LayerPlan } from '../../context.ts';
import type { PoolLayer } from '../../layers/pool.ts';
import { poolPlan } from '../../operators/reductions/pool-code.ts';
import { need } from '../../operators/refusal.ts';

/** Greatest magnitude of a code. */
const MAGNITUDE = { int8: 128, int16: 32768 } as const;

/** AVERAGE_POOL_2D in plain C; see firmware/kernels/nn_average_pool.h. */
export function averagePool(layer: PoolLayer): LayerPlan {
  if (layer.dtype !== 'float32') {
    const pixels = Math.min(layer.kernelHeight, layer.inputHeight) * Math.min(layer.kernelWidth, layer.inputWidth);
    need(pixels * MAGNITUDE[layer.dtype] + pixels / 2 < 2 ** 31, `the sum of ${pixels} codes can leave int32`);
  }
  return poolPlan(layer, 'average_pool');
}
