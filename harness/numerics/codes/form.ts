import type { Requantise } from '../requantise.ts';
import type { ScaleArithmetic } from '../scales.ts';

/** Scale (float32) and zero point of a tensor of codes. */
export interface Codes {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** All that decides which code an operator of one quantised operand makes of which. */
export interface CodeForm {
  readonly input: Codes;
  readonly output: Codes;
  /** The operator's options by their schema names. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly requantise: Requantise;
  /** How products of scales are formed (see profiles.ts). */
  readonly scales: ScaleArithmetic;
}

/** Why a form has no exact function, in words for a message: "output has zero point 3, not -128". */
export class UnsupportedForm extends Error {}

/** From the code of the input to the code of the output. @throws UnsupportedForm */
export type CodeFunction = (form: CodeForm) => (code: number) => number;

/** @throws UnsupportedForm unless the condition holds */
export function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new UnsupportedForm(reason);
}

/** All 256 results of a function of int8 codes, at code + 128. */
export function tabulate8(f: (code: number) => number): Int8Array {
  return Int8Array.from({ length: 256 }, (_, i) => f(i - 128));
}
