import type { TensorData } from '../../../reference/index.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { codesOf } from './what-if/codes.ts';
import { cutLayer } from './what-if/layer.ts';

type Curve = readonly [text: string, f: (x: number) => number];

const clip = (x: number, least: number, greatest: number): number => Math.min(greatest, Math.max(least, x));

/** Cheap stand-ins for functions that need an exponential. */
const CURVES: Readonly<Record<string, readonly Curve[]>> = {
  LOGISTIC: [
    ['three straight lines, x / 6 + 1 / 2 between 0 and 1', (x) => clip(x / 6 + 0.5, 0, 1)],
    ['three straight lines, x / 5 + 1 / 2 between 0 and 1', (x) => clip(x / 5 + 0.5, 0, 1)],
    ['three straight lines, x / 4 + 1 / 2 between 0 and 1', (x) => clip(x / 4 + 0.5, 0, 1)],
    ['x / (1 + |x|), halved and raised', (x) => 0.5 + x / (2 * (1 + Math.abs(x)))],
    ['powers of 2 instead of e', (x) => 1 / (1 + 2 ** -x)],
  ],
  TANH: [
    ['three straight lines, x between -1 and 1', (x) => clip(x, -1, 1)],
    ['x / (1 + |x|)', (x) => x / (1 + Math.abs(x))],
    ['x (27 + x^2) / (27 + 9 x^2)', (x) => clip((x * (27 + x * x)) / (27 + 9 * x * x), -1, 1)],
    ['x (15 + x^2) / (15 + 6 x^2)', (x) => clip((x * (15 + x * x)) / (15 + 6 * x * x), -1, 1)],
    ['powers of 2 instead of e', (x) => (2 ** (2 * x) - 1) / (2 ** (2 * x) + 1)],
  ],
  HARD_SWISH: [
    ['x times the logistic function', (x) => x / (1 + Math.exp(-x))],
    ['no lines: x where it is above 0', (x) => Math.max(0, x)],
  ],
};

/** LOGISTIC, TANH or HARD_SWISH by an approximation that others use for it. */
export const curves: Hypothesis = {
  name: 'approximated function',
  *candidates(evidence) {
    const layer = cutLayer(evidence);
    const [input, output] = [layer?.inputs[0], layer?.outputs[0]];
    if (layer?.operators.length !== 1 || input === undefined || output === undefined) return;
    const [x, y] = [codesOf(input), codesOf(output)];
    const known = CURVES[layer.operators[0]?.name ?? ''] ?? [];
    if (x === null || y === null) return;
    for (const [text, f] of known) {
      const codeOf = (code: number): number => clip(Math.round(f(x.scale * (code - x.zeroPoint)) / y.scale) + y.zeroPoint, ...y.type);
      yield {
        cause: 'table.other' as const, text: `an approximation: ${text}`, alternatives: known.length,
        predict: (sample) => {
          const codes = sample.inputs.get(input.index);
          return codes === undefined ? null : new Map<number, TensorData>([[output.index, Int32Array.from(codes as Int8Array, codeOf)]]);
        },
      };
    }
  },
};
