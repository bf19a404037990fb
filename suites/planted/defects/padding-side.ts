import { oddPadding } from './geometry.ts';
import { spoilLayer } from './spoil.ts';
import type { Defect } from './defect.ts';

export const paddingSide: Defect = {
  id: 'padding-side',
  causes: ['padding.side'],
  operators: ['CONV_2D', 'DEPTHWISE_CONV_2D'],
  description: 'Where the padding is odd, the odd row or column comes before the image instead of after it.',
  plant: spoilLayer((layer, site) => {
    const [rows, columns] = oddPadding(site, [layer.kernelRows, layer.kernelColumns]);
    return rows + columns === 0 ? null : { padRows: layer.padRows + rows, padColumns: layer.padColumns + columns };
  }),
};
