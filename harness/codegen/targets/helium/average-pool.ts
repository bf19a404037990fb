import type { LayerPlan } from '../../context.ts';
import type { PoolLayer } from '../../layers/pool.ts';
import { fitsLanes, poolPlan } from '../../operators/reductions/pool-code.ts';

/** AVERAGE_POOL_2D int8 with MVE; see firmware/kernels/nn_mve_average_pool.h. */
export const averagePool = (layer: PoolLayer): LayerPlan | null => (fitsLanes(layer) ? poolPlan(layer, 'mve_average_pool') : null);
