import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const dilationIgnored: Defect = {
  id: 'dilation-ignored',
  causes: ['window.dilation'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'Taps lie side by side; the padding is still that of the dilated window.',
  plant: spoilLayer(({ dilationRows, dilationColumns }) => (dilationRows * dilationColumns === 1 ? null : { dilationRows: 1, dilationColumns: 1 })),
};
