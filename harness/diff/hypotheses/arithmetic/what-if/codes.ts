import type { Tensor } from '../../../../model/index.ts';

/** Codes of a type with one scale and zero point. */
export interface CodesOf {
  readonly scale: number;
  readonly zeroPoint: number;
  readonly type: readonly [least: number, greatest: number];
}

const TYPES: Readonly<Record<string, readonly [number, number]>> = { int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767] };

/** @returns null where a tensor has no codes, or more than one scale */
export function codesOf({ dtype, quantisation }: Tensor): CodesOf | null {
  const type = TYPES[dtype];
  if (type === undefined || quantisation?.scale.length !== 1) return null;
  return { scale: quantisation.scale[0] as number, zeroPoint: quantisation.zeroPoint[0] ?? 0, type };
}

/** The tensor with another zero point. */
export function withZeroPoint(tensor: Tensor, zeroPoint: number): Tensor {
  return tensor.quantisation === null ? tensor : { ...tensor, quantisation: { ...tensor.quantisation, zeroPoint: [zeroPoint] } };
}

export const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'] as const;
