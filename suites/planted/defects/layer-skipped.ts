import type { Defect } from './defect.ts';

export const layerSkipped: Defect = {
  id: 'layer-skipped',
  causes: ['memory.unwritten'],
  operators: ['FULLY_CONNECTED', 'DEPTHWISE_CONV_2D', 'MUL', 'TRANSPOSE'],
  description: 'The layer does nothing: its output is what lay there.',
  plant: () => ({ kind: 'body', text: '' }),
};
