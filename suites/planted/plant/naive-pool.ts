import { windowAxis } from '../../../harness/numerics/index.ts';
import { bounds } from './bounds.ts';
import { initialiser } from './c-text.ts';
import { copyOfInput } from './naive-product.ts';
import { dims, stepsOf, type Site } from './site.ts';

/** As naive_pool of kernels/naive_pool.h. */
export interface NaivePool {
  isAverage: number; batches: number; inRows: number; inColumns: number; outRows: number; outColumns: number; channels: number;
  windowRows: number; windowColumns: number; strideRows: number; strideColumns: number; padRows: number; padColumns: number;
  inSteps: number[]; outSteps: number[]; countAll: number; outsideCounts: number; narrow: number; mean: string; low: number; high: number;
}

export const POOLS = ['AVERAGE_POOL_2D', 'MAX_POOL_2D'];

/** What an AVERAGE_POOL_2D or MAX_POOL_2D of the model asks for. */
export function poolOf(site: Site): NaivePool {
  const [batches, inRows, inColumns, channels] = dims(site.input(0).shape);
  const [, outRows, outColumns] = dims(site.output.shape);
  const [windowRows, windowColumns] = [site.option('filter_height'), site.option('filter_width')];
  const [strideRows, strideColumns] = [site.option('stride_h'), site.option('stride_w')];
  return {
    isAverage: site.operator.name === 'AVERAGE_POOL_2D' ? 1 : 0, batches, inRows, inColumns, outRows, outColumns, channels, windowRows, windowColumns, strideRows, strideColumns,
    padRows: windowAxis(site.option('padding'), inRows, windowRows, strideRows).padBefore, padColumns: windowAxis(site.option('padding'), inColumns, windowColumns, strideColumns).padBefore,
    inSteps: stepsOf(site.input(0).shape), outSteps: stepsOf(site.output.shape), countAll: 0, outsideCounts: 0, narrow: 0, mean: 'NAIVE_TO_NEAREST', ...bounds(site),
  };
}

export const poolBody = (site: Site, pool: NaivePool): string =>
  `  static const naive_pool layer = ${initialiser({ ...pool })};\n${copyOfInput(site, 0, 'input')}  naive_run_pool(&layer, input, ${site.address(site.output)});\n`;
