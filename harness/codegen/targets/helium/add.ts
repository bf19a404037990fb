import type { LayerPlan } from '../../context.ts';
import type { AddLayer } from '../../layers/add.ts';
import { planAdd } from '../portable/add.ts';

/** ADD int8 of operands of equal shape in vectors; see firmware/kernels/nn_mve_add.h. */
export const add = (layer: AddLayer): LayerPlan | null => planAdd(layer, 'nn_mve_add.h', 'nn_run_mve_add');
