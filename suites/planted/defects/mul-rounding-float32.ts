import { spoilElementwise } from './spoil.ts';
import type { Defect } from './defect.ts';

export const mulRoundingFloat32: Defect = {
  id: 'mul-rounding-float32',
  causes: ['rounding.float32'],
  operators: ['MUL'],
  description: 'MUL: In float32, ties to even.',
  rounding: true,
  plant: spoilElementwise(() => ({ rounding: 'NAIVE_FLOAT32_EVEN' })),
};
