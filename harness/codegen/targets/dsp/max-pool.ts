import type { LayerPlan } from '../../context.ts';
import type { PoolLayer } from '../../layers/pool.ts';
import { poolPlan } from '../../operators/reductions/pool-code.ts';

/** MAX_POOL_2D int8; see firmware/kernels/nn_dsp_max_pool.h. */
export const maxPool = (layer: PoolLayer): LayerPlan | null => (layer.dtype === 'int8' ? poolPlan(layer, 'dsp_max_pool') : null);
