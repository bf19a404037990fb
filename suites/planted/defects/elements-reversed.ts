import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const elementsReversed: Defect = {
  id: 'elements-reversed',
  causes: ['steps.order'],
  operators: ['FULLY_CONNECTED', 'SOFTMAX', 'ADD', 'LOGISTIC'],
  description: 'The last element is written first.',
  plant: around(({ bytes, elementBytes }) => ({ after: `  planted_reversed(data, kept, ${bytes / elementBytes}, ${elementBytes});\n` })),
};
