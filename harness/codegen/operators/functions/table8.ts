import { createHash } from 'node:crypto';
import type { Tensor } from '../../../model/graph.ts';
import type { EmitContext, LayerPlan } from '../../context.ts';
import { copyPlan, elementPlan } from '../elements.ts';

/** The symbol of a table of all results, in the order of the codes as uint8; equal tables are one array. */
function tableSymbol({ constants }: EmitContext, table: Int8Array): string {
  const items = Array.from({ length: 256 }, (_, i) => String(table[(i + 128) % 256]));
  const digest = createHash('sha256').update(table).digest('hex').slice(0, 8);
  return constants.addTable(`lut8_${digest}`, 'int8_t', 'function of an int8 code, 0 .. 127, -128 .. -1', items);
}

/** The tables work on int8, whatever the bytes mean. */
const signed = ({ dtype }: Tensor, pointer: string, type: string): string => (dtype === 'int8' ? pointer : `(${type} *)${pointer}`);

/**
 * The layer of a function of int8 codes: nothing where it keeps them all, a clamp where it keeps those between two bounds, else a
 * table in flash.
 * @param table at code + 128, where the bytes of uint8 tensors are read as int8
 */
export function table8Plan(input: Tensor, output: Tensor, table: Int8Array, note: readonly string[]): LayerPlan {
  const [low, high] = [Math.min(...table), Math.max(...table)];
  // A clamp compares codes, which two different types of byte do not have in common.
  const isClamp = (input.dtype === output.dtype || table.every((result, i) => result === i - 128)) && table.every((result, i) => result === Math.min(Math.max(i - 128, low), high));
  if (isClamp && low === -128 && high === 127) return copyPlan(input, output, note);
  return elementPlan(input, output, note, (from, to, context) =>
    isClamp
      ? { body: [`nn_run_clamp8(${low}, ${high}, ${output.elements}, ${from}, ${to});`], headers: ['nn_clamp.h'] }
      : { body: [`nn_run_lut8(${tableSymbol(context, table)}, ${output.elements}, ${signed(input, from, 'const int8_t')}, ${signed(output, to, 'int8_t')});`], headers: ['nn_lut8.h'] });
}
