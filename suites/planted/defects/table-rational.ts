import { spoilTable, table } from '../plant/table-function.ts';
import type { Defect } from './defect.ts';

export const tableRational: Defect = {
  id: 'table-rational',
  causes: ['table.other'],
  operators: ['TANH'],
  description: 'x / (1 + |x|) instead of the hyperbolic tangent.',
  plant: spoilTable((site) => table(site, (x) => x / (1 + Math.abs(x)))),
};
