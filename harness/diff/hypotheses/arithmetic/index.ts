import type { Hypothesis } from '../hypothesis.ts';
import { activation } from './activation.ts';
import { curves } from './curves.ts';
import { functions } from './functions.ts';
import { litertLstm } from './litert-lstm.ts';
import { padding } from './padding.ts';
import { pools } from './pool/hypotheses.ts';
import { productAccumulator } from './product-accumulator.ts';
import { productActivation } from './product-activation.ts';
import { productBias } from './product-bias.ts';
import { productPadding } from './product-padding.ts';
import { productRounding } from './product-rounding.ts';
import { productScales } from './product-scales.ts';
import { productWindow } from './product-window.ts';
import { productXnnpack } from './product-xnnpack.ts';
import { productZeroPoints } from './product-zero-points.ts';
import { recurrentBias } from './recurrent-bias.ts';
import { rounding, scales } from './rounding.ts';
import { sums } from './sums.ts';
import { zeroPoints } from './zero-points.ts';

/** Causes in what is computed: rounding, scales, zero points, windows, functions. A new one is a file and a line here. */
export const arithmetic: readonly Hypothesis[] = [
  ...productRounding, ...productScales, ...productBias, ...productZeroPoints, ...productPadding, ...productActivation, ...productWindow, ...productAccumulator,
  ...rounding, ...scales, ...zeroPoints, ...activation, ...padding, ...pools, ...functions, curves, ...sums, ...recurrentBias, productXnnpack, litertLstm,
];
