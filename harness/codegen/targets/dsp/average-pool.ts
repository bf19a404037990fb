import type { LayerPlan } from '../../context.ts';
import type { PoolLayer } from '../../layers/pool.ts';
import { fitsLanes, poolPlan } from '../../operators/reductions/pool-code.ts';

/** AVERAGE_POOL_2D int8 with 16-bit SIMD; see firmware/kernels/nn_dsp_average_pool.h. */
export const averagePool = (layer: PoolLayer): LayerPlan | null => (fitsLanes(layer) ? poolPlan(layer, 'dsp_average_pool') : null);
