import type { LayerPlan } from '../../context.ts';
import type { PoolLayer } from '../../layers/pool.ts';
import { poolPlan } from '../../operators/reductions/pool-code.ts';

/** MAX_POOL_2D in plain C; see firmware/kernels/nn_max_pool.h. */
export const maxPool = (layer: PoolLayer): LayerPlan => poolPlan(layer, 'max_pool');
