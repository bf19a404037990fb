import { codeOf } from '../plant/site.ts';
import { FUNCTIONS, spoilTable, table } from '../plant/table-function.ts';
import type { Defect } from './defect.ts';

export const tableZeroPoint: Defect = {
  id: 'table-zero-point',
  causes: ['zero-point.input'],
  operators: ['LOGISTIC', 'TANH'],
  description: 'The table was made as if the zero point of the input were 0.',
  plant: spoilTable((site) => {
    const f = FUNCTIONS[site.operator.name];
    return f === undefined || codeOf(site.input(0)).zeroPoint === 0 ? null : table(site, f, 0);
  }),
};
