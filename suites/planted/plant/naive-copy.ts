import { initialiser } from './c-text.ts';
import { codeOf, numbers, stepsOf, type Site } from './site.ts';

/** As naive_block of kernels/naive_copy.h: a block of input `input` put into the output. */
export interface NaiveBlock { sizes: number[]; from: number; inSteps: number[]; to: number; outSteps: number[]; readonly input: number }

/** Blocks after the whole output was filled with a code; null: nothing is filled. */
export interface NaiveCopy { readonly fill: number | null; readonly blocks: readonly NaiveBlock[] }

export const COPIES = ['TRANSPOSE', 'CONCATENATION', 'PAD'];

const four = (shape: readonly number[], missing: number): number[] => [...Array.from({ length: 4 - shape.length }, () => missing), ...shape];

/** What a TRANSPOSE, CONCATENATION or PAD of the model asks for: shapes of up to four dimensions. */
export function copyOf(site: Site): NaiveCopy {
  const out = stepsOf(site.output.shape);
  const shapeOf = (k: number): readonly number[] => site.input(k).shape;
  const block = (input: number, sizes: readonly number[], inSteps: readonly number[], to: number): NaiveBlock =>
    ({ sizes: four(sizes, 1), from: 0, inSteps: four(inSteps, 0), to, outSteps: four(out, 0), input });
  if (site.operator.name === 'TRANSPOSE') {
    const order = numbers(site.input(1));
    const inner = stepsOf(shapeOf(0));
    return { fill: null, blocks: [block(0, site.output.shape, order.map((k) => inner[k] as number), 0)] };
  }
  if (site.operator.name === 'PAD') {
    const before = numbers(site.input(1)).filter((_, i) => i % 2 === 0);
    const to = before.reduce((sum, count, k) => sum + count * (out[k] as number), 0);
    return { fill: codeOf(site.output).zeroPoint, blocks: [block(0, shapeOf(0), stepsOf(shapeOf(0)), to)] };
  }
  const axis = site.option('axis') < 0 ? site.option('axis') + site.output.shape.length : site.option('axis');
  let at = 0;
  return { fill: null, blocks: site.operator.inputs.map((_, k) => {
    const to = at * (out[axis] as number);
    at += shapeOf(k)[axis] as number;
    return block(k, shapeOf(k), stepsOf(shapeOf(k)), to);
  }) };
}

export function copyBody(site: Site, { fill, blocks }: NaiveCopy): string {
  const output = site.address(site.output);
  const inputs = [...new Set(blocks.map(({ input }) => input))].sort();
  return [
    ...blocks.map(({ input: _, ...layer }, k) => `  static const naive_block block${k} = ${initialiser(layer)};\n`),
    ...inputs.map((k) => `  static int8_t input${k}[${site.input(k).elements}];\n`), ...inputs.map((k) => `  memcpy(input${k}, ${site.address(site.input(k))}, sizeof input${k});\n`),
    fill === null ? '' : `  memset(${output}, ${fill}, ${site.output.elements}u);\n`,
    ...blocks.map(({ input }, k) => `  naive_run_copy(&block${k}, input${input}, ${output});\n`),
  ].join('');
}
