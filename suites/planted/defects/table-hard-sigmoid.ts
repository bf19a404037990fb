import { spoilTable, table } from '../plant/table-function.ts';
import type { Defect } from './defect.ts';

export const tableHardSigmoid: Defect = {
  id: 'table-hard-sigmoid',
  causes: ['table.other'],
  operators: ['LOGISTIC'],
  description: 'Three straight lines instead of the curve: 0.2 x + 0.5 between 0 and 1.',
  plant: spoilTable((site) => table(site, (x) => Math.max(0, Math.min(1, 0.2 * x + 0.5)))),
};
