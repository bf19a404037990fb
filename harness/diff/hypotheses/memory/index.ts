import type { Hypothesis } from '../hypothesis.ts';
import { byteOrder } from './byte-order.ts';
import { hypothesesAt, type Family } from './family.ts';
import { fedOverwritten } from './fed-overwritten.ts';
import { foreignBytes } from './foreign-bytes.ts';
import { moved } from './moved/index.ts';
import { narrowRange } from './narrow-range.ts';
import { nibbleOrder } from './nibble-order.ts';
import { recurrentState } from './recurrent-state.ts';
import { reversedSteps } from './reversed-steps.ts';
import { stale } from './stale.ts';
import { stuckBit } from './stuck-bit.ts';
import { swappedOperands } from './swapped-operands.ts';
import { unwritten } from './unwritten.ts';
import { wrappedRange } from './wrapped-range.ts';

const families: readonly Family[] = [...moved, byteOrder, narrowRange, stuckBit];

/**
 * Causes in where values come from or go to: layouts, offsets, buffers, state. A new one is a file and a line here. Those that
 * need no re-run of the layer come first, those that need a new copy of it for each try last.
 */
export const memory: readonly Hypothesis[] = [
  unwritten, stale, foreignBytes, ...hypothesesAt('output', families), recurrentState, reversedSteps, swappedOperands, wrappedRange, fedOverwritten,
  ...hypothesesAt('input', families), nibbleOrder, ...hypothesesAt('constant', families), ...hypothesesAt('folded constant', moved),
];
