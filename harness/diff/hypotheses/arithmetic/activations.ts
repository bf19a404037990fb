import { activationRange } from '../../../numerics/index.ts';
import type { Cause } from '../causes.ts';

/** Bounds that an output may have had instead of its own. */
export interface Bounds {
  readonly cause: Cause;
  readonly text: string;
  readonly least: number;
  readonly greatest: number;
}

/** The output of an operator with a fused activation. */
export interface Activated {
  /** fused_activation_function of the schema: NONE, RELU, RELU_N1_TO_1 or RELU6. */
  readonly activation: number;
  readonly scale: number;
  readonly zeroPoint: number;
  /** Limits of the type. */
  readonly type: readonly [least: number, greatest: number];
}

const NAMES = ['no activation', 'RELU', 'RELU_N1_TO_1', 'RELU6'];

/** Bounds that differ from those of the activation, each pair once. */
export function otherBounds({ activation, scale, zeroPoint, type: [least, greatest] }: Activated): Bounds[] {
  const rangeOf = (kind: number) => activationRange(kind, scale, zeroPoint, least, greatest) ?? { least, greatest };
  const own = rangeOf(activation);
  const clip = (value: number): number => Math.max(least, Math.min(greatest, value));
  const choices: Bounds[] = [
    ...(activation === 0 ? [] : [{ cause: 'activation.missing', text: `the activation ${NAMES[activation] ?? ''} was left out`, least, greatest } as const]),
    ...[1, 3, 2].filter((kind) => kind !== activation).map((kind) => ({ cause: 'activation.bounds', text: `limited as by ${NAMES[kind] ?? ''} instead of ${NAMES[activation] ?? ''}`, ...rangeOf(kind) } as const)),
    ...[
      ['the lower bound is the code 0', 0, own.greatest], ['the lower bound is the zero point', clip(zeroPoint), own.greatest],
      ['the upper bound is missing', own.least, greatest], ['the lower bound is missing', least, own.greatest],
      ['the upper bound is the code 6', own.least, 6], ['the upper bound is six codes above the zero point', own.least, clip(zeroPoint + 6)],
      ['the upper bound does not have the zero point in it', own.least, clip(own.greatest - zeroPoint)],
      ['both bounds do not have the zero point in them', clip(own.least - zeroPoint), clip(own.greatest - zeroPoint)],
      [`limited symmetrically, without ${least}`, Math.max(least + 1, own.least), own.greatest],
      ['the upper bound is one code too low', own.least, own.greatest - 1], ['the lower bound is one code too high', own.least + 1, own.greatest],
      ['the upper bound is one code too high', own.least, clip(own.greatest + 1)], ['the lower bound is one code too low', clip(own.least - 1), own.greatest],
    ].map(([text, low, high]) => ({ cause: 'activation.bounds', text: text as string, least: low as number, greatest: high as number } as const)),
  ];
  const seen = new Set([`${own.least} ${own.greatest}`]);
  return choices.filter(({ least: low, greatest: high }) => {
    const key = `${low} ${high}`;
    return low <= high && !seen.has(key) && seen.add(key);
  });
}

/** A code as its type holds it when nothing limits it. */
export const wrapTo = ([least, greatest]: readonly [number, number]) => (value: number): number => ((((value - least) % (greatest - least + 1)) + (greatest - least + 1)) % (greatest - least + 1)) + least;
