import { bounds } from './bounds.ts';
import { initialiser } from './c-text.ts';
import { copyOfInput, fixedPoint } from './naive-product.ts';
import { codeOf, type Site } from './site.ts';

/** As naive_elementwise of kernels/naive_elementwise.h, with real factors; `operands` are the inputs that are read as first and second. */
export interface NaiveElementwise {
  operation: string; elements: number; zeroPoint: [number, number]; outputZeroPoint: number; low: number; high: number; rounding: string;
  readonly reals: readonly [number, number, number];
  readonly operands: readonly [number, number];
}

export const ELEMENTWISE = ['ADD', 'SUB', 'MUL'];

/** What an ADD, SUB or MUL of two int8 tensors of one shape asks for: factors in double. */
export function elementwiseOf(site: Site): NaiveElementwise {
  const [a, b, y] = [codeOf(site.input(0)), codeOf(site.input(1)), codeOf(site.output)];
  const { name } = site.operator;
  const twice = 2 * Math.max(a.scale, b.scale);
  return {
    operation: `NAIVE_${name}`, elements: site.output.elements, zeroPoint: [a.zeroPoint, b.zeroPoint], outputZeroPoint: y.zeroPoint, ...bounds(site), rounding: 'NAIVE_DOUBLE',
    reals: name === 'MUL' ? [1, 1, (a.scale * b.scale) / y.scale] : [a.scale / twice, b.scale / twice, twice / (2 ** 20 * y.scale)],
    operands: [0, 1],
  };
}

export function elementwiseBody(site: Site, { reals, operands, ...layer }: NaiveElementwise): string {
  const factor = reals.map((real) => ({ ...fixedPoint(real), real }));
  return [
    `  static const naive_elementwise layer = ${initialiser({ ...layer, factor })};\n`, copyOfInput(site, operands[0], 'first'), copyOfInput(site, operands[1], 'second'),
    `  naive_run_elementwise(&layer, first, second, ${site.address(site.output)});\n`,
  ].join('');
}
