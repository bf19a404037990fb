import type { Hypothesis } from '../hypothesis.ts';

/** Causes in where values come from or go to: layouts, offsets, buffers, state. A new one is a file and a line here. */
export const memory: readonly Hypothesis[] = [];
