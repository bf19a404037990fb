import { around } from '../plant/around.ts';
import type { Defect } from './defect.ts';

export const batchRepeated: Defect = {
  id: 'batch-repeated',
  causes: ['batch.ignored'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'AVERAGE_POOL_2D', 'MAX_POOL_2D', 'SOFTMAX'],
  description: 'All batches hold what the first one does.',
  plant: around(({ shape: [batches], bytes }) => (batches < 2 ? null : { after: Array.from({ length: batches - 1 }, (_, k) => `  memcpy(data + ${((k + 1) * bytes) / batches}, data, ${bytes / batches}u);\n`).join('') })),
};
