import { oddPadding } from './geometry.ts';
import { spoilPool } from './spoil.ts';
import type { Defect } from './defect.ts';

export const poolPaddingSide: Defect = {
  id: 'pool-padding-side',
  causes: ['padding.side'],
  operators: ['AVERAGE_POOL_2D', 'MAX_POOL_2D'],
  description: 'Where the padding is odd, the odd row or column comes before the image.',
  plant: spoilPool((pool, site) => {
    const [rows, columns] = oddPadding(site, [pool.windowRows, pool.windowColumns]);
    return rows + columns === 0 ? null : { padRows: pool.padRows + rows, padColumns: pool.padColumns + columns };
  }),
};
