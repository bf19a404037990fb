import type { Tensor } from '../../../model/graph.ts';
import type { EmitContext } from '../../context.ts';
import { need } from '../refusal.ts';

/** An element repeated to 32 bits, as nn_fill.h takes it. */
export interface Pattern {
  /** C statements before the expression is used. */
  readonly statements: readonly string[];
  /** C expression of type uint32_t. */
  readonly expression: string;
}

/** Of an integer code of 1, 2 or 4 bytes. */
export const codePattern = (code: number, bytes: number): Pattern => {
  const repeated = bytes === 1 ? (code & 0xff) * 0x01010101 : bytes === 2 ? (code & 0xffff) * 0x00010001 : code;
  return { statements: [], expression: `0x${(repeated >>> 0).toString(16)}u` };
};

/** Of a tensor's only element, which may be computed. Throws Refusal for types of other sizes. */
export function tensorPattern(context: EmitContext, tensor: Tensor): Pattern {
  const { data, dtype } = tensor;
  const bytes = { int8: 1, int16: 2, int32: 4, float32: 4 }[dtype as string];
  need(bytes !== undefined, `tensor ${tensor.index} is ${dtype}`);
  if (data !== null) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return codePattern(bytes === 1 ? view.getInt8(0) : bytes === 2 ? view.getInt16(0, true) : view.getInt32(0, true), bytes);
  }
  const pointer = context.pointer(tensor);
  if (dtype === 'float32') return { statements: ['uint32_t pattern;', `memcpy(&pattern, ${pointer}, sizeof pattern);`], expression: 'pattern' };
  const expression = bytes === 1 ? `(uint8_t)${pointer}[0] * 0x01010101u` : bytes === 2 ? `(uint16_t)${pointer}[0] * 0x00010001u` : `(uint32_t)${pointer}[0]`;
  return { statements: [], expression };
}
