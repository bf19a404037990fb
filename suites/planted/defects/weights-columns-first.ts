import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const weightsColumnsFirst: Defect = {
  id: 'weights-columns-first',
  causes: ['layout.weights'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'Rows and columns of the kernel are swapped.',
  plant: spoilLayer(({ kernelRows, kernelColumns, weightSteps: [channel, , column, input] }) => (kernelRows === 1 || kernelColumns === 1 ? null : { weightSteps: [channel as number, column as number, (column as number) * kernelRows, input as number] })),
};
